"""The codes in our files that show where a file came from, even after others saved it again.

A certificate carries one in its metadata, made for it alone under the register's key: it cannot be
made from the serial or the link, only copied from the file that was issued. A print file ends with
one over all its bytes: on any other file it is worth nothing.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable

from trainings.core import sealed
from trainings.register.models import Certificate

_CERTIFICATE = "urn:trainings:certificate:"
_PRINT_RUN = b"\n%trainings-print-run:"  # a comment after the end: readers of PDF skip it


def of_certificate(certificate: Certificate) -> str:
    """The code of a certificate's file, an identifier in its metadata."""
    code = sealed.register_mac("file", certificate.id, certificate.token)
    return f"{_CERTIFICATE}{code}"


def is_from(certificate: Certificate, identifiers: Iterable[str]) -> bool:
    """Whether a file with these identifiers was made from the file of this certificate."""
    code = of_certificate(certificate).encode()
    return any(hmac.compare_digest(code, one.encode()) for one in identifiers)


def as_print_run(pdf: bytes) -> bytes:
    """A print file with its code at the end."""
    return pdf + _PRINT_RUN + _of_print_run(pdf) + b"\n"


def is_print_run(pdf: bytes) -> bool:
    """Whether these are the bytes of a print file as it was made here."""
    body, mark, end = pdf.rpartition(_PRINT_RUN)
    return bool(mark) and hmac.compare_digest(_of_print_run(body) + b"\n", end)


def _of_print_run(body: bytes) -> bytes:
    return sealed.register_mac("print-run", hashlib.sha256(body).hexdigest()).encode()
