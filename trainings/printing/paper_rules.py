"""The papers of a course: sheets to sign, badges, name tents, letters, back pages.

Like all documents, they are plain values with every word already translated; also the list of
everything the engine can draw.
"""

from enum import StrEnum

from msgspec import Struct

from trainings.printing.rules import (
    AgendaDocument,
    CertificateDocument,
    Mark,
    ModuleLine,
    PageDocument,
    Signatory,
)


class PaperWording(Struct, frozen=True):
    """The words that every paper carries in one language."""

    language: str
    document_title: str  # the file's title: never a name
    heading: str  # "Attendance sheet"
    page: str  # "Page {page} of {pages}": both tokens are replaced by the counters
    printed: str  # "Printed on 30 January 2027 at 18:40 by M. Rojas"
    confidential: str = ""  # where people are listed


class Blank(StrEnum):
    """What a column leaves free to be filled in by pen."""

    NONE = "none"  # nothing: it holds text
    BOX = "box"  # a square for a tick
    HAND = "hand"  # room for a signature


class Column(Struct, frozen=True):
    """A column of a sheet: its heading, its width in millimetres (0: the rest), its use."""

    title: str
    width: int = 0
    blank: Blank = Blank.NONE


class Table(Struct, frozen=True):
    """A part of a sheet, on pages of its own: a day with its people.

    Text after a line break in a cell is set below, smaller.
    """

    title: str
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


class SheetDocument(Struct, frozen=True):
    """An A4 list to write on: attendance for each day, or certificates to tick off."""

    wording: PaperWording
    course_title: str
    course_line: str
    columns: tuple[Column, ...]
    tables: tuple[Table, ...]
    marks: tuple[Mark, ...] = ()
    landscape: bool = False
    signed: str = ""  # below a line for a signature at the end: whose it is


class TableListDocument(Struct, frozen=True):
    """Who sits where: each table with its places, two tables side by side; to hang at the door.

    A row of a table is place, name, and function.
    """

    wording: PaperWording
    course_title: str
    course_line: str
    tables: tuple[Table, ...]
    marks: tuple[Mark, ...] = ()


class BackDocument(Struct, frozen=True):
    """The back of a certificate, one page: what was taught and for how long."""

    language: str
    document_title: str
    heading: str  # "Modules and hours"
    course_title: str
    when_and_where: str
    module_label: str
    hours_label: str
    modules: tuple[ModuleLine, ...]
    serial_label: str
    serial: str
    portrait: bool = False


class Bearer(Struct, frozen=True):
    """The person a badge or name tent is for: name, function, country or agency."""

    name: str
    line: str = ""  # "Prosecutor"
    country: str = ""
    role: str = ""  # "Trainer"; empty for participants
    table: str = ""  # "Table 3, place 2"


class BadgesDocument(Struct, frozen=True):
    """Name badges, A6 to be cut and folded once, two to a page; a code on the back if asked for."""

    wording: PaperWording
    course_title: str
    course_line: str
    bearers: tuple[Bearer, ...]
    marks: tuple[Mark, ...] = ()
    code_url: str = ""  # what the code holds: an address of the course, never a person's
    code_text: str = ""  # the code's alternative text
    code_line: str = ""  # the text beside it
    contact: str = ""
    note: str = ""  # beside the badges: how to cut and fold


class TentsDocument(Struct, frozen=True):
    """Name tents: one to a page, two faces and a foot, to be folded twice."""

    wording: PaperWording
    course_title: str
    bearers: tuple[Bearer, ...]
    note: str = ""  # on the foot: how to fold


class Fact(Struct, frozen=True):
    """A line of a letter's table: "Passport number", "—"."""

    label: str
    value: str


class LetterDocument(Struct, frozen=True):
    """An official letter to or about one person."""

    wording: PaperWording
    marks: tuple[Mark, ...]
    sender: tuple[str, ...]
    addressee: tuple[str, ...]
    place_and_date: str
    reference: str
    subject: str
    paragraphs: tuple[str, ...]
    facts: tuple[Fact, ...]
    after: tuple[str, ...]  # paragraphs below the facts
    closing: str
    signatories: tuple[Signatory, ...]


class LawsForm(StrEnum):
    """How laws are laid side by side on paper; each is a template of its own."""

    MATRIX = "laws_matrix"  # A3 across: topics below each other, countries side by side
    HANDOUT = "laws_handout"  # A4: topic by topic, with the sources below
    WORKSHEET = "laws_worksheet"  # A4: the questions, with room to write


class LawCell(Struct, frozen=True):
    """What the law of a country says on a topic, with the number of its footnote."""

    country: str
    text: str
    language: str = ""  # as HTML writes it, where it is not the paper's
    place: str = ""  # "Penal Code, art. 145 bis (2012)"
    footnote: str = ""


class LawPart(Struct, frozen=True):
    """A topic with its question, the answers, and the footnotes: number and source."""

    title: str
    question: str
    cells: tuple[LawCell, ...]
    footnotes: tuple[Fact, ...] = ()


class LawsDocument(Struct, frozen=True):
    """The laws of countries side by side, as they were frozen for a course."""

    wording: PaperWording
    course_title: str
    course_line: str
    form: LawsForm
    explained: str  # as of when, and what *not found* means
    heads: tuple[str, ...]  # of the columns
    sources: str  # "Sources"
    parts: tuple[LawPart, ...]
    marks: tuple[Mark, ...] = ()


class ProgrammePhase(Struct, frozen=True):
    """A phase of a programme on its time line: where its bar begins, how wide it is (percent)."""

    title: str
    text: str
    when: str
    at: float
    width: float  # 0: nothing is drawn


class ProgrammeLesson(Struct, frozen=True):
    """A finding or lesson: what it says, where it comes from, and what came of it."""

    kind: str
    text: str
    source: str
    owner: str
    state: str
    came: tuple[str, ...]


class ProgrammeDocument(Struct, frozen=True):
    """A programme on two pages of A4: its time line, then its findings and lessons."""

    wording: PaperWording
    title: str
    explained: str
    sums: tuple[Fact, ...]
    line_title: str
    line_heads: tuple[str, ...]
    phases: tuple[ProgrammePhase, ...]
    phases_note: str
    lessons_title: str
    lessons_heads: tuple[str, ...]
    lessons: tuple[ProgrammeLesson, ...]
    lessons_note: str
    marks: tuple[Mark, ...] = ()


PaperDocument = (
    SheetDocument
    | TableListDocument
    | BackDocument
    | BadgesDocument
    | TentsDocument
    | LetterDocument
    | LawsDocument
    | ProgrammeDocument
)
Document = CertificateDocument | AgendaDocument | PageDocument | PaperDocument
ONE_PAGE = (CertificateDocument, BackDocument)  # set smaller until they fit
