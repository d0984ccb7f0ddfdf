"""The recurring duty of the trail."""

from trainings.audit import operations

TASKS: dict[str, object] = {}
ROUNDS = {"audit.anchor": (10.0, operations.anchor_head)}
