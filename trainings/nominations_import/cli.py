"""``flask nominations``: what a file with nominations says, and entering it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from trainings.accounts import queries as accounts
from trainings.core.errors import NotFound, Refusal
from trainings.core.permissions import Viewer
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.nominations_import import layout_rules, operations, queries, reading_rules, workbook
from trainings.nominations_import.reading_rules import Row
from trainings.people.queries import mail_index
from trainings.spreadsheets import reader
from trainings.spreadsheets.rules import Sheets

commands = AppGroup("nominations", help="Candidates whom national authorities nominate.")
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@commands.command("read")
@click.argument("file", type=_FILE)
@click.option("--course", "code", required=True, help="The course's code.")
@click.option("--country", default="", help="The country of rows that name none, such as BO.")
def read(file: Path, code: str, country: str) -> None:
    """Show whom FILE names, and what it does not say for certain; nothing is written."""
    with _refusing(code):
        sheets = reader.read(file.read_bytes())
        rows = _rows(sheets, file.name, courses.by_code(code), country)
    _show(
        rows=[_plain(one) for one in rows if not one.asked],
        ask=[_question(one) for one in rows if one.asked],
    )


@commands.command("import")
@click.argument("file", type=_FILE)
@click.option("--course", "code", required=True, help="The course's code.")
@click.option("--by", "mail", required=True, help="Whose act it is: email address of the account.")
@click.option("--country", default="", help="The country of rows that name none, such as BO.")
def enter(file: Path, code: str, mail: str, country: str) -> None:
    """Nominate everybody in FILE, or nobody; rows with a question wait for the account's owner."""
    with _refusing(code):
        by = _account(mail, code)
        course = courses.course_for(by, queries.IMPORT, code)
        sheets = reader.read(file.read_bytes())
        read = _rows(sheets, file.name, course, country)
        rows, known = queries.with_questions(by, course, read)
        asked = [one for one in rows if one.asked]
        new = {one.label: one.candidate for one in rows if not one.asked if one.label not in known}
        done, kept = operations.enter(course.id, new, asked, by)
    said: dict[str, Any] = {"nominated": done, "known": len(known), "kept": kept}
    if words := reader.hidden_words(sheets, workbook.LISTS):
        said["not_read"] = words
    _show(**said, ask=[_question(one) for one in asked])


@contextmanager
def _refusing(code: str) -> Iterator[None]:
    try:
        yield
    except NotFound:
        raise click.ClickException(f"there is no course {code} to nominate for") from None
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from None


def _rows(sheets: Sheets, name: str, course: Course, country: str) -> list[Row]:
    call = queries.call_of(course)
    found = layout_rules.listed(sheets, name)
    columns = layout_rules.meanings(found, call.names_function)
    return reading_rules.read(found, columns, call, country.upper())


def _account(mail: str, code: str) -> Viewer:
    """The one account with this address that may nominate for the course."""
    found = accounts.accounts_with_mail(mail_index(mail) or "")
    viewers = [accounts.viewer_of(one.id) for one in found]
    able = [one for one in viewers if one is not None and _may(one, code)]
    if len(able) != 1:
        raise click.ClickException("nobody with this email address may nominate for this course")
    return able[0]


def _may(one: Viewer, code: str) -> bool:
    try:
        return bool(courses.course_for(one, queries.IMPORT, code))
    except NotFound:
        return False


def _show(**answer: Any) -> None:
    click.echo(json.dumps(answer, ensure_ascii=False, indent=1))


def _plain(row: Row) -> dict[str, Any]:
    one = row.candidate
    return {
        "given": one.given_name,
        "family": one.family_name,
        "function": one.function,
        "sex": one.sex,
        "country": one.country,
        "email": one.mail,
        "born": one.born,
        "rank": one.priority,
    }


def _question(row: Row) -> str:
    return f"row {row.label}: {' '.join(map(str, row.asked))}"
