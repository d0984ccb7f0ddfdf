"""``flask doctor``: what this machine lacks, and how to fix it."""

from __future__ import annotations

import ctypes.util
import importlib.util

import click

from trainings.accounts import queries as accounts
from trainings.calendars.models import CalendarLink
from trainings.core import clock, config
from trainings.core.config import Settings
from trainings.home import health_queries
from trainings.printing.cage import Workers
from trainings.register import operations as register_operations

_LIBRARIES = {
    "pango-1.0": "libpango-1.0-0",
    "pangoft2-1.0": "libpangoft2-1.0-0",
    "harfbuzz-subset": "libharfbuzz-subset0",
}
_FONTS = {"fontpkg_noto_sans": "fontpkg-noto-sans", "fontpkg_noto_serif": "fontpkg-noto-serif"}


@click.command("doctor")
def commands() -> None:
    """Check libraries, fonts, database, keys, schema, email, disk, certificates, accounts, cage."""
    settings: Settings = config.settings()
    faults = [*_missing_libraries(), *_missing_fonts(), *_cage(settings)]
    _say(True, f"Time zones {clock.zones_in_use()}", "")
    for check in health_queries.readiness():
        _say(check.well, str(check.label), str(check.advice))
        if not check.well:
            faults.append(check.name)
    if not {"database", "schema"} & set(faults):
        faults += [*_register(), *_doors()]
    if faults:
        raise SystemExit(1)


def _say(well: bool, what: str, advice: str) -> None:
    click.echo(f"{'ok   ' if well else 'FAULT'}  {what}" + ("" if well else f": {advice}"))


def _missing_libraries() -> list[str]:
    missing = [
        package for name, package in _LIBRARIES.items() if not ctypes.util.find_library(name)
    ]
    _say(not missing, "Libraries for PDF", f"apt-get install {' '.join(missing)}")
    return missing


def _missing_fonts() -> list[str]:
    missing = [
        package for name, package in _FONTS.items() if importlib.util.find_spec(name) is None
    ]
    _say(not missing, "Fonts", f"pip install {' '.join(missing)}")
    return missing


def _register() -> list[str]:
    """Check the whole register; the readiness line only says whether its end was rolled back."""
    fault = register_operations.verify()
    _say(fault is None, "Every certificate", f"{fault} Tell the data protection officer.")
    return [] if fault is None else ["certificates"]


def _doors() -> list[str]:
    """Look whether somebody gave themselves a way in past the software; it opens nothing."""
    forged = accounts.not_ours(CalendarLink)
    told = ", ".join(forged[:5]) + (" …" if len(forged) > 5 else "")
    advice = f"{len(forged)} were not written by us: {told}. Tell the data protection officer."
    _say(not forged, "Every account, session, role and link", advice)
    return ["accounts"] if forged else []


def _cage(settings: Settings) -> list[str]:
    with Workers(settings.instance / "fonts") as workers:
        cut_off = workers.warm_up()
    _say(True, "PDF cage", "")
    if not cut_off:
        click.echo(
            "note   the kernel does not let the PDF cage cut itself off the network; "
            "markup still reaches packaged files only"
        )
    return []
