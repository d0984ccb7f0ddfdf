"""An engine, keys, a certificate drawn and signed with them, and the inspector as it is started."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests import warm_cage
from tests.printing.conftest import engine
from tests.printing.samples import CERTIFICATE, ENGLISH
from trainings.printing import renderer
from trainings.printing.pdf import Engine
from trainings.signing.issuer import create_key
from trainings.signing.pades import Signer

__all__ = ["engine"]

NOW = datetime(2027, 2, 4, 18, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("issuer")
    create_key(folder, "Joint trainings", NOW - timedelta(days=30))
    return folder


@pytest.fixture(scope="module")
def unsigned(engine: Engine) -> bytes:
    return engine.draw(replace(CERTIFICATE, second=ENGLISH, to_be_signed=True))


@pytest.fixture(scope="module")
def signed(unsigned: bytes, keys: Path) -> bytes:
    return Signer(keys).sign(unsigned, NOW)


@pytest.fixture(autouse=True)
def each_inspector_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renderer, "_said", warm_cage.said)
