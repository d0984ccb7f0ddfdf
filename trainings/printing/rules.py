"""What can be printed: each document as plain values, and why a printing may fail.

Every word on the paper comes in here already translated; this domain knows no course and
no person. The values are typed strings: the engine escapes them, measures them and chooses
sizes, so a caller hands over what shall be read and nothing about how it looks.
"""

from dataclasses import dataclass, field
from enum import StrEnum


class Reason(StrEnum):
    """Why one document was not printed; the others of its batch are."""

    TOO_LONG = "too_long"  # the time limit ended it
    TOO_LARGE = "too_large"  # the memory limit ended it
    CRASHED = "crashed"  # the renderer died of it
    FOREIGN_ADDRESS = "foreign_address"  # it asked for something that is not packaged
    DOES_NOT_FIT = "does_not_fit"  # more text than its one page can hold
    NO_GLYPH = "no_glyph"  # a character that none of the fonts can draw
    NOT_DRAWN = "not_drawn"  # the renderer gave up on it
    NOT_STARTED = "not_started"  # no renderer could be started at all


@dataclass(frozen=True, slots=True)
class Failure:
    """A document that was not printed, and why. ``detail`` never holds text of the document."""

    reason: Reason
    detail: str = ""


class Seal(StrEnum):
    """What the digital signature of a file says."""

    WHOLE = "whole"  # ours, over the entire file, intact
    BROKEN = "broken"  # ours, but the file is not what was signed
    FOREIGN = "foreign"  # signed, by somebody else
    NONE = "none"  # not signed
    UNREADABLE = "unreadable"  # not a PDF that can be read


@dataclass(frozen=True, slots=True)
class SealCheck:
    """The state of a file's signature, and by which of our keys where it is ours."""

    seal: Seal
    key_id: str = ""


PRINT_RUN = "print-run"  # the identifier of a print file, which is no certificate


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a stranger's file says of itself: all of it a claim, save the seal.

    ``identifiers`` stand in its metadata, in no order: for a certificate of ours the address of
    its check page and its serial, for a print file :data:`PRINT_RUN`. ``text`` is what can be
    read on its first pages.
    """

    seal: SealCheck
    identifiers: tuple[str, ...] = ()
    text: str = ""


class Template(StrEnum):
    """The look of a certificate."""

    FORMAL = "formal"  # double frame, serif; one language or two side by side
    MODERN = "modern"  # one language, set left, a band of colour
    LETTER = "letter"  # an attendance letter on A4 portrait

    @property
    def version(self) -> int:
        """Counts the changes of what the template draws; each certificate says with which."""
        return _VERSIONS[self]


# One more with each change of a template's files: its test knows them by their digests.
_VERSIONS = {Template.FORMAL: 1, Template.MODERN: 1, Template.LETTER: 1}


@dataclass(frozen=True, slots=True)
class Mark:
    """An agency's sign at the head of the page: its short name, its colour, its picture.

    Without a picture a neutral sign in the agency's colour stands there. ``picture`` is a
    PNG or JPEG that was decoded and encoded again by the one who took the upload.
    """

    short_name: str
    colour: str = "#14202b"
    picture: bytes = b""


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who signs: name (may be empty), title, agency, and the scanned signature if there is one."""

    title: str
    agency: str
    name: str = ""
    picture: bytes = b""


@dataclass(frozen=True, slots=True)
class ModuleLine:
    """A module that was taught and its hours as they shall be read, "10 h"."""

    title: str
    hours: str


@dataclass(frozen=True, slots=True)
class Wording:
    """All that a certificate says in one language."""

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
    seal_text: str = "Digital signature"  # what the file's digital signature is called aloud
    notes: str = ""  # one small line at the foot, as "Sustituye al certificado N.º …"


@dataclass(frozen=True, slots=True)
class CertificateDocument:
    """A certificate, one page: for one holder, in one language or two side by side."""

    first: Wording
    holder_name: str
    serial: str
    verify_url: str  # what the code holds
    short_url: str  # what a human types
    marks: tuple[Mark, ...]
    signatories: tuple[Signatory, ...]
    second: Wording | None = None
    to_be_signed: bool = False  # leave room for ``signing.sign``, which must then follow
    template: Template = Template.FORMAL
    template_version: int = 0  # when it was issued; 0: before versions were counted


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One slot of the agenda: "09:00", "10:30", what, where, who."""

    start: str
    end: str
    title: str
    room: str = ""
    trainers: tuple[str, ...] = ()
    quiet: bool = False  # a break: set lighter


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the agenda, named as it shall be read: "Lunes 1 de febrero de 2027"."""

    title: str
    sessions: tuple[SessionLine, ...]


@dataclass(frozen=True, slots=True)
class AgendaWording:
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
    empty: str  # said of a day without sessions
    confidential: str = ""  # where people are named


@dataclass(frozen=True, slots=True)
class AgendaDocument:
    """A course's agenda, A4, day by day, with page n of m, the date and who printed it."""

    wording: AgendaWording
    course_title: str
    course_line: str  # "Buenos Aires, Argentina · 1–4 feb. 2027 · hora de Buenos Aires"
    days: tuple[Day, ...]
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class PageDocument:
    """A page whose HTML and CSS were written by the house; the engine trusts none of it."""

    html: str
    css: str = ""
    pictures: dict[str, bytes] = field(default_factory=dict)
