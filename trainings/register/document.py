"""The full text of a certificate, from the course and its holder: frozen when issued."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence

from flask_babel import format_decimal
from msgspec import Struct
from msgspec.structs import replace

from trainings.agencies import mark_queries
from trainings.core.dates import range_in_full as range_in_full
from trainings.core.i18n import Texts, _, country_name, localized, ngettext, pgettext, speaking
from trainings.core.sealed import SealBroken
from trainings.courses import queries as courses
from trainings.courses.models import Course
from trainings.printing import wire
from trainings.printing.rules import (
    CertificateDocument,
    Mark,
    ModuleLine,
    Signatory,
    Template,
    Wording,
)
from trainings.register.look_rules import Look, Style, languages_of
from trainings.register.rules import Kind

_TEMPLATES = {
    Style.FORMAL: Template.FORMAL,
    Style.BILINGUAL: Template.FORMAL,
    Style.MODERN: Template.MODERN,
    Style.LETTER: Template.LETTER,
}


class Holder(Struct, frozen=True):
    """The holder: the name to be printed, the function's names, the country."""

    name: str
    function: Texts
    country: str


class Proof(Struct, frozen=True):
    """What makes the paper checkable: its serial, the code's address, what a person types."""

    serial: str
    verify_url: str
    short_url: str


class Hours(Struct, frozen=True):
    """The planned minutes, in all and for each module."""

    planned: int
    modules: Mapping[str, int]


def compose(
    kind: Kind,
    course: Course,
    hours: Hours,
    holder: Holder,
    proof: Proof,
    look: Look,
    language: str,
) -> CertificateDocument:
    """The certificate of one holder, in their language and, if the style says so, a second one."""
    spoken = languages_of(language, look, course.languages)
    template = _TEMPLATES[look.style]
    first, *second = (_wording(kind, course, hours, holder, code) for code in spoken)
    return CertificateDocument(
        first=first,
        second=second[0] if second else None,
        holder_name=holder.name,
        serial=proof.serial,
        verify_url=proof.verify_url,
        short_url=proof.short_url,
        marks=tuple(
            Mark(
                localized(row.agency.short_names, language),
                row.agency.colour,
                mark_queries.picture(row.agency),
            )
            for row in course.organising
        ),
        signatories=tuple(
            Signatory(
                title=_in_each(row.titles, spoken),
                agency=_in_each(row.agency.names, spoken),
                picture=courses.signature_of(row),
            )
            for row in course.signing
        ),
        template=template,
        template_version=template.version,
    )


def _in_each(texts: Texts, spoken: Sequence[str]) -> str:
    """A text in each language of the paper; once if it is the same in both."""
    return " / ".join(dict.fromkeys(localized(texts, code) for code in spoken))


def _wording(kind: Kind, course: Course, hours: Hours, holder: Holder, language: str) -> Wording:
    title = localized(course.titles, language)
    country = country_name(holder.country, language) if holder.country else ""
    holder_line = (localized(holder.function, language), country)
    place = f"{course.city}, {country_name(course.country, language)}"
    with speaking(language):
        heading, subheading, completed = _KIND_WORDS[kind]()
        days = range_in_full(course.starts_on, course.ends_on)
        return Wording(
            language=language.replace("_", "-"),
            document_title=f"{kind.label} · {title}",
            heading=heading,
            subheading=subheading,
            certifies=_("This is to certify that"),
            holder_line=" · ".join(part for part in holder_line if part),
            completed=completed,
            course_title=title,
            when_and_where=f"{place} · {days} · {hours_in_words(hours.planned)}",
            modules_label=_("Modules and hours"),
            modules=tuple(
                ModuleLine(localized(row.module.titles, language), short_hours(minutes))
                for row in course.modules
                if (minutes := hours.modules.get(row.module_id))
            ),
            serial_label=_("No."),
            verify_label=_("Check it at"),
            code_text=_("Code that opens the page to check this certificate"),
            signature_text=_("Signature"),
            seal_text=_("Digitally signed by the issuer"),
        )


def _completion() -> tuple[str, str, str]:
    return (
        pgettext("heading of a certificate of completion", "Certificate"),
        pgettext("under the heading Certificate", "of completion"),
        _("has successfully completed the training course"),
    )


def _attendance() -> tuple[str, str, str]:
    return (
        pgettext("heading of a certificate of attendance", "Certificate"),
        pgettext("under the heading Certificate", "of attendance"),
        _("has attended the training course"),
    )


def _trainer() -> tuple[str, str, str]:
    return (
        pgettext("heading of a trainer's certificate", "Certificate"),
        pgettext("under the heading Certificate", "of teaching"),
        _("has taught on the training course"),
    )


_KIND_WORDS: Mapping[Kind, Callable[[], tuple[str, str, str]]] = {
    Kind.COMPLETION: _completion,
    Kind.ATTENDANCE: _attendance,
    Kind.TRAINER: _trainer,
}


def superseding(paper: CertificateDocument, serial: str) -> CertificateDocument:
    """The corrected certificate with a line that names the one it replaces."""
    return _with_note(paper, lambda: _("Replaces certificate no. %(serial)s.", serial=serial))


def as_specimen(paper: CertificateDocument) -> CertificateDocument:
    """The paper with a line saying that it certifies nothing."""
    return _with_note(paper, lambda: _("Sample, not a certificate"))


def _with_note(paper: CertificateDocument, note: Callable[[], str]) -> CertificateDocument:
    """A line at the foot, in each language of the paper."""
    words = [paper.first, *([paper.second] if paper.second else [])]
    said = []
    for one in words:
        with speaking(one.language.replace("-", "_")):
            said.append(note())
    return replace(paper, first=replace(paper.first, notes=" · ".join(said)))


def hours_in_words(minutes: int) -> str:
    """A duration in the current language: ``28 hours``, ``28 h 30 min``."""
    hours, rest = divmod(minutes, 60)
    if rest:
        return short_hours(minutes)
    return ngettext("%(number)s hour", "%(number)s hours", hours, number=format_decimal(hours))


def short_hours(minutes: int) -> str:
    """A duration beside a module, in every language: ``10 h``, ``1 h 20 min``."""
    hours, rest = divmod(minutes, 60)
    whole = [f"{format_decimal(hours)} h"] if hours or not rest else []
    return " ".join([*whole, *([f"{rest} min"] if rest else [])])


def freeze(document: CertificateDocument) -> bytes:
    """A document as bytes that restore the same document, whatever changes later.

    Its pictures, which all certificates of a course share, are named by their digest alone and
    stored separately (``pictures``).
    """
    head, body = wire.document_to_head(document)
    packed = {"head": head, "pictures": digest_of(body)}
    return json.dumps(packed, ensure_ascii=False, sort_keys=True).encode()


def pictures(document: CertificateDocument) -> bytes:
    """Marks and scanned signatures of a document, one after another; empty if it has none."""
    return wire.document_to_head(document)[1]


def digest_of(pictures: bytes) -> str:
    """The digest that pictures are stored under; empty for none."""
    return hashlib.sha256(pictures).hexdigest() if pictures else ""


def verify_url_of(frozen: bytes) -> str:
    """The address that the code on a paper of this content holds."""
    return str(json.loads(frozen)["head"]["values"]["verify_url"])


def holder_of(frozen: bytes) -> str:
    """The name in what ``freeze`` stored, without its pictures."""
    return str(json.loads(frozen)["head"]["values"]["holder_name"])


def thaw(frozen: bytes, kept: Callable[[str], bytes]) -> CertificateDocument:
    """The document that ``freeze`` stored; ``kept`` gives its pictures by their digest."""
    packed = json.loads(frozen)
    if "body" in packed:  # as it was before pictures were stored separately
        body = base64.b64decode(packed["body"])
    else:
        body = kept(packed["pictures"]) if packed["pictures"] else b""
        if digest_of(body) != packed["pictures"]:
            raise SealBroken("certificate_picture")
    document = wire.document_from_head(packed["head"], body)
    if not isinstance(document, CertificateDocument):
        raise TypeError(type(document).__name__)
    return document
