"""What an organiser types to set up a course: one form a section, for planning and settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wtforms import (
    BooleanField,
    EmailField,
    RadioField,
    SelectField,
    SelectMultipleField,
)  # fmt: skip
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from trainings.core.i18n import LANGUAGES, _l, texts_from
from trainings.core.web import Form
from trainings.courses.forms import (
    TEXT,
    Day,
    Line,
    Paragraphs,
    Ticks,
    Whole,
    filled,
    per_language,
    texts_of,
)
from trainings.courses.rules import PLACING_LABELS, VISIBILITY_LABELS
from trainings.courses.section_rules import Section
from trainings.workspace.rules import Options

MOST_SIGNATORIES = 4


def _named(labels: Mapping[Any, Any]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in labels.items()]


class SectionForm(Form):
    """A form of one section: begins with values by name, and gives them back."""

    def offer(self, options: Options) -> None:
        """Take over what can be chosen."""

    @staticmethod
    def begin(values: Mapping[str, Any]) -> dict[str, Any]:
        """The values as the fields begin with."""
        return dict(values)

    def values(self) -> dict[str, Any]:
        """What was typed, by the names a course has for it."""
        kept = {**self.data}
        kept.pop("form_token", None)
        kept.pop("csrf_token", None)
        return kept


@per_language("title")
@per_language("text", maximum=TEXT, lines=True)
class BasicsForm(SectionForm):
    """What a course is called, what it is about, who organises it, what is taught."""

    code = Line(
        _l("Code"), maximum=16, validators=[InputRequired(_l("Enter a code for the course."))]
    )
    programme_id = SelectField(_l("Programme"), validators=[Optional()])
    lead_agency_id = SelectField(
        _l("Lead agency"), validators=[InputRequired(_l("Choose the agency that leads."))]
    )
    agency_ids = Ticks(_l("Organising agencies"))
    module_ids = Ticks(_l("Modules"))
    languages = Ticks(_l("Languages of the course"))

    def offer(self, options: Options) -> None:
        """Programmes, agencies, modules, languages."""
        self.programme_id.choices = options.programmes
        self.lead_agency_id.choices = options.leads
        self.agency_ids.choices = options.agencies
        chosen = list(self.module_ids.data or [])  # stay in the order that the course has them
        self.module_ids.choices = sorted(
            options.modules,
            key=lambda pair: chosen.index(pair[0]) if pair[0] in chosen else len(chosen),
        )
        self.languages.choices = options.languages

    @staticmethod
    def begin(values: Mapping[str, Any]) -> dict[str, Any]:
        """Texts become one field a language."""
        return {
            **values,
            "programme_id": values.get("programme_id") or "",
            **filled("title", values.get("titles") or {}),
            **filled("text", values.get("texts") or {}),
        }

    def values(self) -> dict[str, Any]:
        """Texts together again."""
        return {
            "code": self.data.get("code") or "",
            "programme_id": self.programme_id.data or None,
            "lead_agency_id": self.lead_agency_id.data,
            "agency_ids": self.agency_ids.data,
            "module_ids": self.module_ids.data,
            "languages": self.languages.data,
            "titles": texts_of(self, "title"),
            "texts": texts_of(self, "text"),
        }


class PlaceForm(SectionForm):
    """Where and when a course is held."""

    city = Line(_l("City"), maximum=100, validators=[InputRequired(_l("Enter the city."))])
    country = SelectField(_l("Country"))
    venue = Line(_l("Venue"), validators=[Optional()])
    zone = SelectField(_l("Time zone"))
    starts_on = Day(_l("First day"), validators=[InputRequired(_l("Enter the first day."))])
    ends_on = Day(_l("Last day"), validators=[InputRequired(_l("Enter the last day."))])

    def offer(self, options: Options) -> None:
        """Countries and time zones."""
        self.country.choices = options.countries
        self.zone.choices = [(zone, zone.replace("_", " ")) for zone in options.zones]


class RegistrationForm(SectionForm):
    """From when to when people register, who finds the course, how it gives its seats."""

    registration_opens_on = Day(
        _l("Registration opens on"),
        validators=[InputRequired(_l("Enter the day on which registration opens."))],
    )
    registration_closes_on = Day(
        _l("Registration closes on"),
        validators=[InputRequired(_l("Enter the last day of registration."))],
    )
    release_on = Day(
        _l("Seats kept for countries are released after"),
        validators=[InputRequired(_l("Enter the day after which free seats are open to all."))],
    )
    offer_days = Whole(
        _l("Days to answer an offer"),
        validators=[InputRequired(_l("Enter how many days people have to answer."))],
    )
    visibility = RadioField(_l("Who finds the course"), choices=_named(VISIBILITY_LABELS))
    placing = RadioField(_l("How seats are given"), choices=_named(PLACING_LABELS))
    separate_endorsement = BooleanField(
        _l("Nominations are endorsed in a separate step by the focal point")
    )


class InvitedForm(SectionForm):
    """Which functions and countries are invited, and how many people."""

    functions = Ticks(_l("Functions"))
    countries = SelectMultipleField(_l("Countries"))
    capacity = Whole(
        _l("Seats in all"), validators=[InputRequired(_l("Enter how many people can take part."))]
    )

    def offer(self, options: Options) -> None:
        """Functions and countries."""
        self.functions.choices = options.functions
        self.countries.choices = options.countries


class CertificatesForm(SectionForm):
    """What a certificate asks for, who signs it; whom to write to; what confirmed people read."""

    threshold = Whole(
        _l("Share of planned hours, in percent"),
        validators=[InputRequired(_l("Enter the share of hours."))],
    )
    needs_test = BooleanField(_l("The test has to be passed"))
    needs_evaluation = BooleanField(_l("The evaluation of the course has to be filled in"))
    contact = EmailField(_l("Contact"), validators=[Optional()])
    instructions = Paragraphs(_l("Joining instructions"), validators=[Optional()])

    def offer(self, options: Options) -> None:
        """The agencies that may sign."""
        for row in range(MOST_SIGNATORIES):
            self[f"signatory{row}_agency"].choices = [("", "–"), *options.agencies]

    @staticmethod
    def begin(values: Mapping[str, Any]) -> dict[str, Any]:
        """Signatories become numbered rows."""
        data = dict(values)
        for row, one in enumerate(values.get("signatories") or []):
            data[f"signatory{row}_agency"] = one["agency_id"]
            data.update(filled(f"signatory{row}_title", one["titles"]))
        return data

    def values(self) -> dict[str, Any]:
        """Rows that hold something become signatories."""
        rows = [
            {
                "agency_id": self.data[f"signatory{row}_agency"] or "",
                "titles": texts_from(self.data, f"signatory{row}_title"),
            }
            for row in range(MOST_SIGNATORIES)
        ]
        return {
            "threshold": self.threshold.data,
            "needs_test": self.needs_test.data,
            "needs_evaluation": self.needs_evaluation.data,
            "contact": (self.contact.data or "").strip(),
            "instructions": self.instructions.data or "",
            "signatories": [one for one in rows if one["agency_id"] or one["titles"]],
        }


for _row in range(MOST_SIGNATORIES):
    setattr(
        CertificatesForm,
        f"signatory{_row}_agency",
        SelectField(_l("Agency"), validators=[Optional()]),
    )
    for _code, _name in LANGUAGES.items():
        setattr(CertificatesForm, f"signatory{_row}_title_{_code}", Line(_name, maximum=120))

FORMS: Mapping[Section, type[SectionForm]] = {
    Section.BASICS: BasicsForm,
    Section.PLACE: PlaceForm,
    Section.REGISTRATION: RegistrationForm,
    Section.INVITED: InvitedForm,
    Section.CERTIFICATES: CertificatesForm,
}


class StartForm(Form):
    """From what a course is planned: nothing, a template, an earlier course."""

    source = RadioField(_l("How do you want to begin?"), default="")


class TemplateForm(Form):
    """Under which code a course is kept as a template."""

    code = Line(
        _l("Code of the template"),
        maximum=16,
        validators=[InputRequired(_l("Enter a code for the template."))],
    )


class MoveForm(Form):
    """A move of a course that needs no words."""


class CancelForm(Form):
    """Why a course is cancelled: everyone is told."""

    reason = Paragraphs(
        _l("Reason"), maximum=1000, validators=[InputRequired(_l("Please give a reason."))]
    )


class RoleForm(Form):
    """Whom to make an organiser of this course."""

    mail = EmailField(_l("Mail address"), validators=[InputRequired(_l("Enter the mail address."))])
