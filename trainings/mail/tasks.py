"""The mail jobs of the worker."""

from trainings.mail import operations

TASKS = {"mail.send": operations.send}
