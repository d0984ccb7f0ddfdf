"""The register, truly drawn and signed."""

from tests.certificates.conftest import drawn, engine, issued, told

__all__ = ["drawn", "engine", "issued", "told"]
