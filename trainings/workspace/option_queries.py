"""What the forms of a course's sections let choose from."""

from __future__ import annotations

from trainings.accounts import queries as accounts
from trainings.core.i18n import _, countries, language_name, localized
from trainings.courses import programme_queries
from trainings.courses.section_rules import Section
from trainings.courses.setting_rules import zones
from trainings.people import queries as people
from trainings.workspace.rules import Options

COURSE_LANGUAGES = ("es", "pt_BR", "en", "fr", "ar", "ru", "zh")


def options(section: Section, leads: list[str]) -> Options:
    """The choices of one section; ``leads`` are the agencies that may lead."""
    if section is Section.BASICS:
        agencies = [(one.id, localized(one.short_names)) for one in accounts.agencies()]
        programmes = programme_queries.programme_choices()
        return Options(
            programmes=[("", _("None")), *((p.id, localized(p.titles)) for p in programmes)],
            leads=[pair for pair in agencies if pair[0] in leads],
            agencies=agencies,
            modules=[(one.id, localized(one.titles)) for one in programme_queries.modules()],
            languages=[(code, language_name(code)) for code in COURSE_LANGUAGES],
        )
    if section is Section.PLACE:
        return Options(countries=countries(), zones=zones())
    if section is Section.INVITED:
        functions = [*people.function_names().items()]
        return Options(countries=countries(), functions=functions)
    if section is Section.CERTIFICATES:
        return Options(
            agencies=[(one.id, localized(one.short_names)) for one in accounts.agencies()]
        )
    return Options()
