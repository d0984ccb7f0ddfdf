"""Settings of the installation, read from the environment; production refuses what is unsafe."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

from trainings.core import keys as key_file

ROOT = Path(__file__).resolve().parent.parent.parent
EX_CONFIG = 78  # sysexits.h: a configuration fault


@dataclass(frozen=True)
class Smtp:
    """Where mail goes out; no host means that mails wait in the outbox."""

    host: str = ""
    port: int = 587
    user: str = ""
    password: str = field(default="", repr=False)
    tls: bool = True
    sender: str = "trainings@localhost"


@dataclass(frozen=True)
class Settings:
    """One installation: where its data is, how it is reached, with which keys."""

    environment: str
    instance: Path
    database_url: str = field(repr=False)
    base_url: str
    keys: key_file.Keys = field(repr=False)
    smtp: Smtp
    proxies: int = 0
    debug: bool = False

    @property
    def production(self) -> bool:
        return self.environment == "production"

    @property
    def https(self) -> bool:
        return self.base_url.startswith("https://")

    @property
    def files(self) -> Path:
        """The folder of sealed files (PDFs)."""
        return self.instance / "files"


def refuse(fault: str) -> NoReturn:
    """Stop the start with the fault named, exit status 78."""
    sys.stderr.write(f"Trainings does not start: {fault}\n")
    raise SystemExit(EX_CONFIG)


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; ends the process with status 78 where they are not safe to run on."""
    env = os.environ if environ is None else environ
    environment = env.get("TRAININGS_ENV", "development")
    if environment not in ("development", "production"):
        refuse(f"TRAININGS_ENV is {environment!r}; it must be development or production")
    production = environment == "production"
    instance = Path(env.get("TRAININGS_INSTANCE") or ROOT / "instance").resolve()
    path = Path(env.get("TRAININGS_KEYS") or instance / "keys.json")
    if not production and not path.exists():
        key_file.create(path)
    try:
        keys = key_file.load(path)
    except key_file.KeyFault as fault:
        refuse(str(fault))
    debug = env.get("FLASK_DEBUG", "") not in ("", "0", "false")
    if production and debug:
        refuse("FLASK_DEBUG is on")
    base_url = env.get("BASE_URL", "").rstrip("/")
    if not base_url:
        if production:
            refuse("BASE_URL is not set; links in mails are built from it alone")
        base_url = f"http://{env.get('HOST', '127.0.0.1')}:{env.get('PORT', '8000')}"
    if urlsplit(base_url).scheme not in ("http", "https") or not urlsplit(base_url).netloc:
        refuse("BASE_URL is not an http or https address")
    return Settings(
        environment=environment,
        instance=instance,
        database_url=env.get("DATABASE_URL") or f"sqlite:///{instance / 'trainings.sqlite'}",
        base_url=base_url,
        keys=keys,
        smtp=_smtp(env),
        proxies=int(env.get("TRAININGS_PROXIES", "0")),
        debug=debug,
    )


def _smtp(env: Mapping[str, str]) -> Smtp:
    return Smtp(
        host=env.get("SMTP_HOST", ""),
        port=int(env.get("SMTP_PORT", "587")),
        user=env.get("SMTP_USER", ""),
        password=env.get("SMTP_PASSWORD", ""),
        tls=env.get("SMTP_TLS", "1") != "0",
        sender=env.get("SMTP_SENDER", "trainings@localhost"),
    )
