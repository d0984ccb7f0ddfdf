"""Forms to set up a course, one per section, used for planning and for settings."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, RadioField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional

from trainings.core import clock
from trainings.core.dates import zone_name
from trainings.core.errors import Refusal
from trainings.core.i18n import LANGUAGES, _l, texts_from
from trainings.core.zones import zone_choices, zone_of
from trainings.courses.access_rules import DAYS_SHOWN_TO_LABELS
from trainings.courses.forms import Ticks, filled, per_language, texts_of
from trainings.courses.rules import PLACING_LABELS, VISIBILITY_LABELS
from trainings.planning.section_rules import Options, Section
from trainings.web.fields import TEXT, Day, Line, MailLine, OneOf, Paragraphs, Whole
from trainings.web.forms import Form

MOST_SIGNATORIES = 4


class Code(Line):
    """The code of a course: capital letters, however it is typed."""

    def cleaned(self, typed: str) -> str:
        """The code in capitals."""
        return super().cleaned(typed).upper()


def _named(labels: Mapping[Any, Any]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in labels.items()]


class SectionForm(Form):
    """The form of one section: takes values by name, and returns them."""

    def offer(self, options: Options) -> None:
        """Set the choices."""

    @staticmethod
    def begin(values: Mapping[str, Any]) -> dict[str, Any]:
        """The values as initial values of the fields."""
        return dict(values)

    def meant(self) -> bool:
        """Whether the question about days in the past was answered with yes."""
        return bool(self.data.get("in_past"))

    def values(self) -> dict[str, Any]:
        """The values entered, by the names that a course uses."""
        kept = {**self.data}
        kept.pop("form_token", None)
        kept.pop("csrf_token", None)
        kept.pop("in_past", None)
        return kept


@per_language("title")
@per_language("text", maximum=TEXT, lines=True)
class BasicsForm(SectionForm):
    """A course's title, description, agencies and modules."""

    code = Code(
        _l("Code"), maximum=16, validators=[InputRequired(_l("Enter a code for the course."))]
    )
    programme_id = OneOf(_l("Programme"), validators=[Optional()])
    lead_agency_id = OneOf(
        _l("Lead agency"), validators=[InputRequired(_l("Choose the lead agency."))]
    )
    agency_ids = Ticks(_l("Organising agencies"))
    module_ids = Ticks(_l("Modules"))
    languages = Ticks(_l("Languages of the course"))

    def offer(self, options: Options) -> None:
        """Programmes, agencies, modules, languages."""
        self.programme_id.choices = options.programmes
        self.lead_agency_id.choices = options.leads
        self.agency_ids.choices = options.agencies
        chosen = list(self.module_ids.data or [])  # keep the order they have in the course
        self.module_ids.choices = sorted(
            options.modules,
            key=lambda pair: chosen.index(pair[0]) if pair[0] in chosen else len(chosen),
        )
        self.languages.choices = options.languages

    @staticmethod
    def begin(values: Mapping[str, Any]) -> dict[str, Any]:
        """Split texts into one field per language."""
        return {
            **values,
            "programme_id": values.get("programme_id") or "",
            **filled("title", values.get("titles") or {}),
            **filled("text", values.get("texts") or {}),
        }

    def values(self) -> dict[str, Any]:
        """Combine the texts again."""
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

    country = OneOf(_l("Country"), validators=[InputRequired(_l("Choose the country."))])
    city = Line(_l("City"), maximum=100, validators=[InputRequired(_l("Enter the city."))])
    venue = Line(_l("Venue"), validators=[Optional()])
    zone = OneOf(
        _l("Time zone"),
        validators=[Optional()],
        invalid_choice_message=_l("Choose a time zone from the list."),
    )
    starts_on = Day(_l("First day"), validators=[InputRequired(_l("Enter the first day."))])
    ends_on = Day(_l("Last day"), validators=[InputRequired(_l("Enter the last day."))])
    in_past = BooleanField(_l("Yes, the first day is in the past"))

    def offer(self, options: Options) -> None:
        """Countries, none chosen at first, and time zones, those of the country first."""
        self.country.choices = [("", _l("Choose…")), *options.countries]
        zones = zone_choices(self.country.data or "")
        kept = self.zone.object_data
        if kept and kept not in dict(zones):  # an older name of a zone
            zones = [(kept, zone_name(kept)), *zones]
        self.zone.choices = [("", _l("Follows from the country and city")), *zones]

    @staticmethod
    def begin(values: Mapping[str, Any]) -> dict[str, Any]:
        """The zone is left to follow from the country and city where it already does."""
        shown = dict(values)
        with suppress(Refusal):
            if zone_of(
                shown.get("country") or "", shown.get("city") or "", clock.now()
            ) == shown.get("zone"):
                shown["zone"] = ""
        return shown

    def values(self) -> dict[str, Any]:
        """The zone that was chosen, or the one of the city."""
        kept = super().values()
        if not kept["zone"] and kept["country"] and kept["city"]:
            kept["zone"] = zone_of(kept["country"], kept["city"], clock.now())
        return kept


class RegistrationForm(SectionForm):
    """When people can register, who can find the course, how it gives seats."""

    registration_opens_on = Day(
        _l("Registration opens on"),
        validators=[InputRequired(_l("Enter the day on which registration opens."))],
    )
    registration_closes_on = Day(
        _l("Registration closes on"),
        validators=[InputRequired(_l("Enter the last day of registration."))],
    )
    in_past = BooleanField(_l("Yes, registration is already over"))
    release_on = Day(
        _l("Seats kept for countries are released after"),
        validators=[InputRequired(_l("Enter the day after which free seats are open to all."))],
    )
    offer_days = Whole(
        _l("Days to reply to an offer"),
        validators=[InputRequired(_l("Enter how many days people have to reply."))],
    )
    visibility = RadioField(_l("Who can find the course"), choices=_named(VISIBILITY_LABELS))
    days_shown_to = RadioField(_l("Who sees the exact days"), choices=_named(DAYS_SHOWN_TO_LABELS))
    placing = RadioField(_l("How seats are allocated"), choices=_named(PLACING_LABELS))
    separate_endorsement = BooleanField(
        _l("The focal point endorses nominations in a separate step")
    )
    changes_days = Whole(
        _l("Participants can change their details until this many days before the first day"),
        validators=[Optional(), NumberRange(0, 365, _l("Enter a number of days from 0 to 365."))],
    )
    second_sender = BooleanField(
        _l("A second organiser reads and sends messages to more than 50 people")
    )


class InvitedForm(SectionForm):
    """Which functions and countries are invited, and how many people."""

    functions = Ticks(_l("Functions"))
    countries = SelectMultipleField(_l("Countries"))
    capacity = Whole(
        _l("Total seats"), validators=[InputRequired(_l("Enter how many people can take part."))]
    )

    def offer(self, options: Options) -> None:
        """Functions and countries."""
        self.functions.choices = options.functions
        self.countries.choices = options.countries


class CertificatesForm(SectionForm):
    """Requirements and signatories of certificates; contact; what confirmed participants read."""

    threshold = Whole(
        _l("Share of planned hours, as a percentage"),
        validators=[InputRequired(_l("Enter the share of hours."))],
    )
    needs_test = BooleanField(_l("The test must be passed"))
    needs_evaluation = BooleanField(_l("The course evaluation must be completed"))
    contact = MailLine(_l("Contact"), validators=[Optional()])
    instructions = Paragraphs(_l("Joining instructions"), validators=[Optional()])

    def offer(self, options: Options) -> None:
        """The agencies that can sign."""
        for row in range(MOST_SIGNATORIES):
            self[f"signatory{row}_agency"].choices = [("", "–"), *options.agencies]

    @staticmethod
    def begin(values: Mapping[str, Any]) -> dict[str, Any]:
        """Turn signatories into numbered rows."""
        data = dict(values)
        for row, one in enumerate(values.get("signatories") or []):
            data[f"signatory{row}_agency"] = one["agency_id"]
            data.update(filled(f"signatory{row}_title", one["titles"]))
        return data

    def values(self) -> dict[str, Any]:
        """Turn rows that are not empty into signatories."""
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
        CertificatesForm, f"signatory{_row}_agency", OneOf(_l("Agency"), validators=[Optional()])
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
    """The starting point of a new course: nothing, a template, an earlier course."""

    source = RadioField(_l("How do you want to start?"), default="")


class TemplateForm(Form):
    """The code for saving a course as a template."""

    code = Code(
        _l("Template code"),
        maximum=16,
        validators=[InputRequired(_l("Enter a code for the template."))],
    )


class RoleForm(Form):
    """The person to make an organiser of this course."""

    mail = MailLine(_l("Email address"), validators=[InputRequired(_l("Enter the email address."))])


class SignatureForm(Form):
    """A picture, which is redrawn before it is stored."""

    picture = FileField(_l("Signature picture"))
