"""The certificate jobs of the worker."""

from trainings.certificates import operations

TASKS = {"certificates.render": operations.render}
ROUNDS = {"certificates.take_up": (60.0, operations.take_up)}
