"""A course with people who come."""

from tests.papers.conftest import course_id, lead

__all__ = ["course_id", "lead"]
