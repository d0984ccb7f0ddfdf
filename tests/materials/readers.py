"""A course with one file for each audience, and those who may or may not have them."""

from __future__ import annotations

import re

from flask import Flask
from flask.testing import FlaskClient

from tests import factories, teaching
from tests.materials import making
from trainings.core.db import db
from trainings.core.permissions import Viewer
from trainings.materials.rules import Audience
from trainings.registrations.models import Registration

CONTENT = bytes(range(256)) * 4000
FILE = making.PDF + CONTENT


class People:
    """A course with one file for each audience, and those who ask for it."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.lead = making.organiser()
        self.course, self.session = making.course_with_session(self.lead, agencies=("IOM",))
        self.files = {
            audience: making.material(
                self.course,
                self.session,
                self.lead,
                audience=audience,
                content=FILE,
                name=f"{audience}.pdf",
            )
            for audience in Audience
        }
        registration = teaching.participant(self.course)
        self.registration = registration
        person = db.session.get_one(
            Registration, registration, execution_options={"scope": "operation"}
        ).person_id
        self.participant = teaching.account_of(person)
        self.invited = teaching.course_trainer(self.course, teaching.trainer(self.lead), self.lead)

    def client(self, viewer: Viewer | None) -> FlaskClient:
        """A browser in which somebody is signed in."""
        client = self.app.test_client()
        if viewer is not None:
            factories.sign_in(client, viewer)
        return client

    def gets(self, viewer: Viewer | None) -> set[Audience]:
        """The files that somebody gets; the page must list the same."""
        client = self.client(viewer)
        got = set()
        for audience, key in self.files.items():
            answer = client.get(f"/materials/{key}/file")
            assert answer.status_code in (200, 303, 404)
            if answer.status_code == 200:
                assert answer.data == FILE
                got.add(audience)
            answer.close()
        page = client.get("/courses/BUE27/materials")
        listed = set(re.findall(r"/materials/([\w-]+)/file", page.text))
        assert listed == {self.files[one] for one in got}
        return got
