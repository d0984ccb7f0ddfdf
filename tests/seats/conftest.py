"""The course with its organiser, as in the tests of registrations."""

from tests.registrations.conftest import course

__all__ = ["course"]
