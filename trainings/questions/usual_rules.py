"""The usual questions to people who come: travel, food and access, an emergency, the passport."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from trainings.core.i18n import LazyText, _l
from trainings.questions.rules import AskedOf, Asking, KeptFor, Option, QuestionKind, SeenBy


class Usual(StrEnum):
    """A question that lists know: the hotel's, the airline's, the door's."""

    ARRIVES = "arrives"
    ARRIVES_BY = "arrives_by"
    LEAVES = "leaves"
    LEAVES_BY = "leaves_by"
    DIET = "diet"
    ACCESS = "access"
    EMERGENCY = "emergency"
    EMERGENCY_PHONE = "emergency_phone"
    PASSPORT = "passport"
    PASSPORT_UNTIL = "passport_until"


class UsualSet(StrEnum):
    """Usual questions that are added together."""

    TRAVEL = "travel"
    FOOD_AND_ACCESS = "food_and_access"
    EMERGENCY = "emergency"
    PASSPORT = "passport"

    @property
    def label(self) -> LazyText:
        """What the questions are about."""
        return SET_LABELS[self]


SET_LABELS: Mapping[UsualSet, LazyText] = {
    UsualSet.TRAVEL: _l("Travel: days and flights"),
    UsualSet.FOOD_AND_ACCESS: _l("Food and accessibility"),
    UsualSet.EMERGENCY: _l("Emergency contact"),
    UsualSet.PASSPORT: _l("Passport: number and date of expiry"),
}
SETS: Mapping[UsualSet, tuple[Usual, ...]] = {
    UsualSet.TRAVEL: (Usual.ARRIVES, Usual.ARRIVES_BY, Usual.LEAVES, Usual.LEAVES_BY),
    UsualSet.FOOD_AND_ACCESS: (Usual.DIET, Usual.ACCESS),
    UsualSet.EMERGENCY: (Usual.EMERGENCY, Usual.EMERGENCY_PHONE),
    UsualSet.PASSPORT: (Usual.PASSPORT, Usual.PASSPORT_UNTIL),
}


class Wording(Struct, frozen=True):
    """A usual question in words."""

    kind: QuestionKind
    title: LazyText
    hint: LazyText | str = ""
    follow_up: LazyText | str = ""
    required: bool = True
    kept_for: KeptFor = KeptFor.MONTH
    seen_by: SeenBy = SeenBy.ORGANISERS
    options: tuple[LazyText, ...] = ()


WORDINGS: Mapping[Usual, Wording] = {
    Usual.ARRIVES: Wording(QuestionKind.DATE, _l("On which day do you arrive?")),
    Usual.ARRIVES_BY: Wording(
        QuestionKind.SHORT,
        _l("How do you arrive?"),
        _l("Flight number and time of arrival, such as LA 2401, 14:35. Or: by bus, by car."),
        required=False,
    ),
    Usual.LEAVES: Wording(QuestionKind.DATE, _l("On which day do you leave?")),
    Usual.LEAVES_BY: Wording(
        QuestionKind.SHORT,
        _l("How do you leave?"),
        _l("Flight number and time of departure. Or: by bus, by car."),
        required=False,
    ),
    Usual.DIET: Wording(
        QuestionKind.SEVERAL,
        _l("What do we need to know about your food?"),
        _l("For the kitchen only, which gets numbers without names."),
        required=False,
        kept_for=KeptFor.COURSE,
        options=(
            _l("Vegetarian"),
            _l("Vegan"),
            _l("No pork"),
            _l("Halal"),
            _l("Kosher"),
            _l("No gluten"),
            _l("No lactose"),
            _l("Allergy to nuts"),
            _l("Allergy to fish or seafood"),
        ),
    ),
    Usual.ACCESS: Wording(
        QuestionKind.YES_NO,
        _l("Do you need anything to get around or to take part?"),
        _l("Such as a room without stairs, large print, or somebody who interprets sign language."),
        _l("What do you need?"),
        kept_for=KeptFor.COURSE,
    ),
    Usual.EMERGENCY: Wording(
        QuestionKind.SHORT,
        _l("Whom should we call in an emergency?"),
        _l("The name of one person, and who they are to you. Tell them that you gave us it."),
        kept_for=KeptFor.COURSE,
        seen_by=SeenBy.LEAD,
    ),
    Usual.EMERGENCY_PHONE: Wording(
        QuestionKind.SHORT,
        _l("Their phone number"),
        _l("With the country code, such as +591 700 00000."),
        kept_for=KeptFor.COURSE,
        seen_by=SeenBy.LEAD,
    ),
    Usual.PASSPORT: Wording(
        QuestionKind.SHORT,
        _l("Number of the passport you travel with"),
        _l("For the flight and the entry into the country. It is not on any list on paper."),
        kept_for=KeptFor.COURSE,
        seen_by=SeenBy.LEAD,
    ),
    Usual.PASSPORT_UNTIL: Wording(
        QuestionKind.DATE,
        _l("Until when is this passport valid?"),
        kept_for=KeptFor.COURSE,
        seen_by=SeenBy.LEAD,
    ),
}


def asking_of(
    usual: Usual,
    titles: Mapping[str, str],
    hints: Mapping[str, str],
    options: tuple[Option, ...],
    follow_ups: Mapping[str, str],
) -> Asking:
    """A usual question as a course asks it at first; its organisers may change it."""
    wording = WORDINGS[usual]
    return Asking(
        kind=wording.kind,
        asked_of=AskedOf.SELECTED,
        seen_by=wording.seen_by,
        kept_for=wording.kept_for,
        titles=titles,
        hints=hints,
        required=wording.required,
        options=options,
        follow_ups=follow_ups,
    )
