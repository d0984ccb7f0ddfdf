"""Settings of the installation, read from the environment; unsafe ones stop production."""

from __future__ import annotations

import ipaddress
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

from flask import current_app

from trainings.core import keys as key_file

ROOT = Path(__file__).resolve().parent.parent.parent


class Smtp(key_file.Secret, frozen=True):
    """The server that sends email; without a host, emails wait in the outbox."""

    host: str = ""
    port: int = 587
    user: str = ""
    password: str = ""
    tls: bool = True
    sender: str = "trainings@localhost"
    utf8: bool = False  # it carries addresses in any letters (SMTPUTF8)


class Settings(key_file.Secret, frozen=True):
    """One installation: where its data is, how it is reached, with which keys."""

    environment: str
    instance: Path
    database_url: str
    base_url: str
    keys: key_file.Keys
    smtp: Smtp
    proxies: int = 0
    debug: bool = False
    material_bytes: int = 0  # of one file of a course's or module's materials
    materials_bytes: int = 0  # of all files of one course, or of one module
    laws_public: bool = False  # who reads the register of laws: everyone, or who is signed in
    scanner: str = ""  # where ClamAV listens: a socket's path, or host:port; none: not scanned

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

    @property
    def large_files(self) -> Path:
        """The folder of large sealed files (materials)."""
        return self.instance / "large"


def settings() -> Settings:
    """The settings of the running installation."""
    found: Settings = current_app.extensions["settings"]
    return found


def refuse(fault: str, status: int = os.EX_CONFIG) -> NoReturn:
    """Stop the start, naming the fault; exit status 78 means that another try would not help."""
    sys.stderr.write(f"Trainings does not start: {fault}\n")
    raise SystemExit(status)


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; ends the process with status 78 if they are not safe to run with."""
    env = os.environ if environ is None else environ
    environment = env.get("TRAININGS_ENV", "development")
    if environment not in ("development", "production"):
        refuse(f"TRAININGS_ENV is {environment!r}; it must be development or production")
    production = environment == "production"
    instance = Path(env.get("TRAININGS_INSTANCE") or ROOT / "instance").resolve()
    path = Path(env.get("TRAININGS_KEYS") or instance / "keys.json")
    if not production and not path.exists():
        key_file.create(path)
    _close(instance)
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
    check_address(base_url, production=production)
    return Settings(
        environment=environment,
        instance=instance,
        database_url=env.get("DATABASE_URL") or f"sqlite:///{instance / 'trainings.sqlite'}",
        base_url=base_url,
        keys=keys,
        smtp=_smtp(env),
        proxies=int(env.get("TRAININGS_PROXIES", "0")),
        debug=debug,
        material_bytes=_megabytes(env, "TRAININGS_MATERIAL_MB", 200),
        materials_bytes=_megabytes(env, "TRAININGS_MATERIALS_MB", 2000),
        laws_public=env.get("TRAININGS_LAWS_PUBLIC", "0") == "1",
        scanner=_scanner(env.get("TRAININGS_CLAMAV", "")),
    )


def _megabytes(env: Mapping[str, str], name: str, usual: int) -> int:
    """A size from the environment, in bytes; at most 2,000 MB, which every database can hold."""
    given = env.get(name) or str(usual)
    if not given.isascii() or not given.isdigit() or not 1 <= int(given[:9]) <= 2_000:
        refuse(f"{name} is {given!r}; it must be a number of megabytes from 1 to 2000")
    return int(given) * 1024 * 1024


def _scanner(given: str) -> str:
    """Where the virus scanner listens: the path of its socket, or ``host:port``."""
    host, _colon, port = given.rpartition(":")
    if given and not given.startswith("/") and not (host and port.isdigit()):
        refuse("TRAININGS_CLAMAV is neither the path of a socket nor host:port")
    return given


def _close(instance: Path) -> None:
    """Make the folder of all data its owner's alone, whatever the shell that made it allowed."""
    try:
        instance.mkdir(mode=0o700, parents=True, exist_ok=True)
        if instance.stat().st_mode & 0o077:
            instance.chmod(0o700)
    except OSError as error:
        refuse(f"the folder {instance} cannot be closed to others: {error.strerror}")


def check_address(base_url: str, *, production: bool) -> None:
    """Refuse an address that is not one, or not safe for what is opened at it.

    Development shows every email with its links, so it stays on this machine; production is
    reached from elsewhere by https alone.
    """
    try:
        parts = urlsplit(base_url)
        whole = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        parts, whole = urlsplit(""), False
    if not whole:
        refuse("BASE_URL is not an http or https address")
    if is_loopback(parts.hostname or ""):
        return
    if not production:
        refuse(
            f"BASE_URL {base_url} is not on this machine, and development shows every email with "
            "its sign-in links: set TRAININGS_ENV=production, or a BASE_URL on localhost"
        )
    if parts.scheme != "https":
        refuse(f"BASE_URL {base_url} is not https: anyone on the way could read what is sent")


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine's own."""
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return address.is_loopback or (mapped is not None and mapped.is_loopback)


def _smtp(env: Mapping[str, str]) -> Smtp:
    return Smtp(
        host=env.get("SMTP_HOST", ""),
        port=int(env.get("SMTP_PORT", "587")),
        user=env.get("SMTP_USER", ""),
        password=env.get("SMTP_PASSWORD", ""),
        tls=env.get("SMTP_TLS", "1") != "0",
        sender=env.get("SMTP_SENDER", "trainings@localhost"),
        utf8=env.get("SMTP_UTF8", "0") == "1",
    )
