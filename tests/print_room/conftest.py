"""Graduates, and paper that is kept instead of drawn."""

from tests.certificates.conftest import drawn, graduated, joined, olga, paper

__all__ = ["drawn", "graduated", "joined", "olga", "paper"]
