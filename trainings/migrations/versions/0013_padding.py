"""everything sealed: padded, so that its length tells nothing

What is sealed already is sealed anew: texts, the content of certificates, and files. What is padded
is left as it is, so that after a kill the same command goes on. What does not open is left too: the
pages and ``flask certificates verify`` say so.
"""

import logging
import os
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import sqlalchemy as sa
from alembic import op
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from trainings.core import config, files, sealed

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

PORTION = 500
_NONCE = 12
_END = b"\xff"
_log = logging.getLogger(__name__)


class Sealed(NamedTuple):
    """A table, its sealed texts, its key, and the column that their places name."""

    table: str
    columns: tuple[str, ...]
    key: str = "id"
    row: str = "id"


TEXTS = (
    Sealed("person", ("given_name", "family_name", "mail", "phone", "document", "born", "unit")),
    Sealed("registration", ("phone", "document", "born", "unit", "needs", "printed_name")),
    Sealed("move", ("reason",), "number", "registration_id"),
    Sealed("draft", ("answers",)),
    Sealed("trainer", ("notes",)),
    Sealed("certificate", ("ended_note",)),
    Sealed("certificate_waiver", ("reason",), "registration_id", "registration_id"),
    Sealed("evaluation_answer", ("answers",)),
    Sealed("outbox_mail", ("recipient", "subject", "body")),
)
# table, the column with the file's name, the column with its sealed data key
FILES = (
    ("agency", "mark_file", "mark_key"),
    ("signatory", "picture_file", "picture_key"),
    ("certificate", "file_name", "data_key"),
)


def upgrade() -> None:
    _reseal_texts(lambda value: value if _END in value else sealed.padded(value))
    _reseal_contents(_open_bare, sealed.seal_with)
    _reseal_files(_open_bare, sealed.seal_with)


def downgrade() -> None:
    _reseal_texts(lambda value: sealed.unpadded(value) if _END in value else value)
    _reseal_contents(sealed.open_with, _seal_bare)
    _reseal_files(sealed.open_with, _seal_bare)


def _reseal_texts(changed: Callable[[bytes], bytes]) -> None:
    for one in TEXTS:
        for row in _rows(one.table, one.key, {one.row, *one.columns}):
            values = {}
            for column in one.columns:
                place = f"{one.table}|{column}|{row[one.row]}"
                value = _opened(row[column], place)
                if value is not None and changed(value) != value:
                    values[column] = sealed.seal_bytes(changed(value), place)
            _write(one.table, one.key, row, values)


def _reseal_contents(opened: Callable[..., bytes], seal: Callable[..., bytes]) -> None:
    for row in _rows("certificate", "id", {"data_key", "content"}):
        key = _opened(row["data_key"], f"certificate|data_key|{row['id']}")
        if key is None or not row["content"]:
            continue
        place = f"certificate|content|{row['id']}"
        try:
            content = opened(key, bytes(row["content"]), place)
        except (InvalidTag, sealed.SealBroken):  # done already, or never ours
            continue
        _write("certificate", "id", row, {"content": seal(key, content, place)})


def _reseal_files(opened: Callable[..., bytes], seal: Callable[..., bytes]) -> None:
    for table, name_column, key_column in FILES:
        for row in _rows(table, "id", {name_column, key_column}):
            name = row[name_column]
            key = _opened(row[key_column], f"{table}|{key_column}|{row['id']}")
            if name is None or key is None:
                continue
            path = config.settings().files / name[:2] / name
            try:
                content = opened(key, path.read_bytes(), f"file|{name}")
            except (FileNotFoundError, InvalidTag, sealed.SealBroken):
                continue
            files.replace(name, seal(key, content, f"file|{name}"))


def _opened(value: bytes | None, place: str) -> bytes | None:
    """What was sealed for a place; None if there is nothing, or nothing of ours."""
    if not value:
        return None
    try:
        return sealed.open_bytes(bytes(value), place)
    except sealed.SealBroken:
        _log.warning("a sealed value does not open and is left as it is: %s", place.split("|")[:2])
        return None


def _open_bare(key: bytes, value: bytes, place: str) -> bytes:
    return AESGCM(key).decrypt(value[:_NONCE], value[_NONCE:], place.encode())


def _seal_bare(key: bytes, value: bytes, place: str) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, value, place.encode())


def _rows(table: str, key: str, columns: set[str]) -> Iterator[Any]:
    """Every row, some hundreds at once: each is written before the next ones are read."""
    found = sa.table(table, *(sa.column(name) for name in {key, *columns}))
    after = None
    while True:
        statement = sa.select(found).order_by(found.c[key]).limit(PORTION)
        if after is not None:
            statement = statement.where(found.c[key] > after)
        rows = op.get_bind().execute(statement.execution_options(scope="job")).mappings().all()
        if not rows:
            return
        after = rows[-1][key]
        yield from rows


def _write(table: str, key: str, row: Any, values: dict[str, bytes]) -> None:
    if not values:
        return
    found = sa.table(table, *(sa.column(name) for name in (key, *values)))
    op.get_bind().execute(sa.update(found).where(found.c[key] == row[key]).values(**values))
