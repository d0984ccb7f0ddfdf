"""Quick paper."""

from tests.certificates.conftest import paper

__all__ = ["paper"]
