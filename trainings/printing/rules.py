"""What can be printed: each document as plain values, and why printing may fail.

Every word on the paper arrives here already translated; this domain knows no course and no person.
The values are typed strings: the engine escapes and measures them and chooses sizes, so a caller
passes the text to be read and nothing about how it looks.
"""

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct, field

from trainings.core.errors import Refusal
from trainings.core.i18n import LazyText, _, _l, listed


class Reason(StrEnum):
    """Why one document was not printed; the others in its batch are."""

    TOO_LONG = "too_long"  # the time limit ended it
    TOO_LARGE = "too_large"  # the memory limit ended it
    CRASHED = "crashed"  # the renderer crashed on it
    FOREIGN_ADDRESS = "foreign_address"  # it asked for something that is not packaged
    DOES_NOT_FIT = "does_not_fit"  # more text than its one page can hold
    NO_GLYPH = "no_glyph"  # a character that none of the fonts can draw: the detail says which
    NOT_DRAWN = "not_drawn"  # the renderer gave up on it
    NOT_STARTED = "not_started"  # no renderer could be started at all


class LetterLacking(Refusal):
    """A text of the document has a character that no typeface has."""

    sentence = _l(
        "The text contains “%(character)s”, which we cannot print. Take it out, then try again."
    )


class Failure(Struct, frozen=True):
    """A document that was not printed, and why.

    ``detail`` never holds text of the document; for ``NO_GLYPH`` it is the characters that lack.
    """

    reason: Reason
    detail: str = ""

    @property
    def sentence(self) -> str:
        """Why, for who asked for it, and what to do."""
        if self.reason is Reason.NO_GLYPH and self.detail:
            return str(LetterLacking(character=self.detail))
        return str(SENTENCES[self.reason])


class Seal(StrEnum):
    """The state of a file's digital signature."""

    WHOLE = "whole"  # ours, over the entire file, intact
    BROKEN = "broken"  # ours, but the file is not what was signed
    FOREIGN = "foreign"  # signed by somebody else
    NONE = "none"  # not signed
    UNREADABLE = "unreadable"  # not a readable PDF


class SealCheck(Struct, frozen=True):
    """The state of a file's signature, and which of our keys made it, if one did."""

    seal: Seal
    key_id: str = ""


class Inspection(Struct, frozen=True):
    """What an untrusted file claims about itself; only the seal has been verified.

    ``identifiers`` come from its metadata, in no order: for a certificate of ours, the address of
    its check page, its serial and the file's code. ``text`` is what can be read on its first pages,
    ``codes`` what the square codes there say; ``opened`` is False where one of these
    pages could not be read.
    """

    seal: SealCheck
    identifiers: tuple[str, ...] = ()
    text: str = ""
    codes: tuple[str, ...] = ()
    opened: bool = False


class Template(StrEnum):
    """The look of a certificate."""

    FORMAL = "formal"  # double frame, serif; one language or two side by side
    MODERN = "modern"  # one language, set left, a band of colour
    LETTER = "letter"  # an attendance letter on A4 portrait

    @property
    def version(self) -> int:
        """Version of what the template draws; each certificate records the one it was made with."""
        return _VERSIONS[self]


# Add one with each change to a template's files: a test compares their digests.
_VERSIONS = {Template.FORMAL: 1, Template.MODERN: 1, Template.LETTER: 1}


class Mark(Struct, frozen=True):
    """An agency's mark at the head of the page: its short name, its colour, its picture.

    Without a picture, a neutral sign in the agency's colour is drawn. ``picture`` is a PNG or JPEG
    that was decoded and re-encoded when it was uploaded.
    """

    short_name: str
    colour: str = "#14202b"
    picture: bytes = b""


class Signatory(Struct, frozen=True):
    """Who signs: name (may be empty), title, agency, and the scanned signature if there is one."""

    title: str
    agency: str
    name: str = ""
    picture: bytes = b""


class ModuleLine(Struct, frozen=True):
    """A module that was taught, and its hours as shown, "10 h"."""

    title: str
    hours: str


class Wording(Struct, frozen=True):
    """All the words of a certificate in one language."""

    language: str  # "es", "pt-BR"
    document_title: str  # the file's title: the kind and the course, never a name
    heading: str  # "Certificado"
    subheading: str  # "de aprovechamiento"
    certifies: str  # "Se certifica que"
    holder_line: str  # "Fiscal · Bolivia"
    completed: str  # "completó la formación"
    course_title: str
    when_and_where: str  # "Buenos Aires, Argentina · del 1 al 4 de febrero de 2027 · 28 horas"
    modules_label: str  # "Módulos y horas": read aloud, not seen
    modules: tuple[ModuleLine, ...]
    serial_label: str  # "N.º"
    verify_label: str  # "Compruébelo en"
    code_text: str  # the code's alternative text: "Código que lleva a la página de verificación"
    signature_text: str = ""  # alternative text of a signature's picture: "Firma"
    seal_text: str = "Digital signature"  # the digital signature's name, read aloud
    notes: str = ""  # one small line at the foot, as "Sustituye al certificado N.º …"


class CertificateDocument(Struct, frozen=True):
    """A certificate, one page: for one holder, in one language or two side by side."""

    first: Wording
    holder_name: str
    serial: str
    verify_url: str  # what the code holds
    short_url: str  # what a person types
    marks: tuple[Mark, ...]
    signatories: tuple[Signatory, ...]
    second: Wording | None = None
    file_code: str = ""  # in the metadata: shows that a file was made from this one
    to_be_signed: bool = False  # leave room for ``signing.sign``, which must then follow
    template: Template = Template.FORMAL
    template_version: int = 0  # the version at issue; 0: before versions were counted


class SessionLine(Struct, frozen=True):
    """One slot of the agenda: "09:00", "10:30", what, where, who."""

    start: str
    end: str
    title: str
    room: str = ""
    trainers: tuple[str, ...] = ()
    quiet: bool = False  # a break: set lighter


class Day(Struct, frozen=True):
    """A day of the agenda, with its name as shown: "Lunes 1 de febrero de 2027"."""

    title: str
    sessions: tuple[SessionLine, ...]


class AgendaWording(Struct, frozen=True):
    """The agenda's own words in one language."""

    language: str
    document_title: str  # the file's title
    heading: str  # "Agenda"
    time: str  # column heads
    session: str
    room: str
    trainers: str
    page: str  # "Página {page} de {pages}": both tokens are replaced by the counters
    printed: str  # "Impreso el 30 de enero de 2027 a las 18:40 por M. Rojas"
    empty: str  # shown for a day without sessions
    confidential: str = ""  # where people are named


class AgendaForm(StrEnum):
    """What an agenda is printed for."""

    PAGES = "agenda"  # to hand out: A4, day by day
    WALL = "agenda_wall"  # to hang up: A3, the days side by side
    SHEETS = "agenda_sheets"  # A4 sheets, each of one room or one trainer


class AgendaSheet(Struct, frozen=True):
    """A sheet of its own, for a door or for one trainer: whose it is, and what there is of it."""

    title: str  # "Sala A"
    days: tuple[Day, ...]


class AgendaDocument(Struct, frozen=True):
    """A course's agenda with page n of m, the date and who printed it."""

    wording: AgendaWording
    course_title: str
    course_line: str  # "Buenos Aires, Argentina · 1–4 feb. 2027 · hora de Buenos Aires"
    days: tuple[Day, ...]
    marks: tuple[Mark, ...] = ()
    form: AgendaForm = AgendaForm.PAGES
    sheets: tuple[AgendaSheet, ...] = ()  # instead of the days, where each is a sheet of its own


class PageDocument(Struct, frozen=True):
    """A page whose HTML and CSS were written by the installation; the engine does not trust it."""

    html: str
    css: str = ""
    pictures: dict[str, bytes] = field(default_factory=dict)


SENTENCES: dict[Reason, LazyText] = {
    Reason.TOO_LONG: _l("The page took too long to lay out and was stopped."),
    Reason.TOO_LARGE: _l("The page needed too much memory and was stopped."),
    Reason.CRASHED: _l("The printing process stopped unexpectedly on this page."),
    Reason.FOREIGN_ADDRESS: _l("The page asked for a file that is not part of this system."),
    Reason.DOES_NOT_FIT: _l(
        "The text does not fit on one page. Shorten the title, the modules or the signatories' "
        "lines."
    ),
    Reason.NO_GLYPH: _l("The fonts of this system lack a character in this text."),
    Reason.NOT_DRAWN: _l("The page could not be laid out."),
    Reason.NOT_STARTED: _l(
        "The printing process does not start. Ask whoever runs this system to check it."
    ),
}


def gaps_words(where: Sequence[str]) -> str:
    """Says whose characters stand as question marks in a file."""
    return _(
        "Some characters cannot be printed and are shown as ? in the file. They are in: %(where)s. "
        "Correct them and print again.",
        where=listed(where),
    )
