"""The certificate jobs of the worker."""

from trainings.certificates import operations

TASKS = {"certificates.render": operations.render}
