"""Applies to a course again and again, printing each number once it is acknowledged."""

from __future__ import annotations

import sys

from tests import factories
from tests.registrations import acting
from trainings.app import create_app
from trainings.participants import apply_operations


def main(course_id: str) -> None:
    with create_app().app_context():
        while True:
            who = factories.account(staff=False, name=("", ""))
            print(apply_operations.apply(course_id, acting.application(), who), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
