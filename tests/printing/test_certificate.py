"""A certificate stays on its page, whatever is written on it, and says what it is to machines."""

import io
import re
import subprocess
from pathlib import Path

import pikepdf
import pytest
from msgspec.structs import replace
from pikepdf import PdfImage
from PIL import Image, ImageDraw
from weasyprint.images import RasterImage

from tests.printing.checkers import outloud_says, pdfua_says, text_of
from tests.printing.samples import (
    AGENDA,
    CERTIFICATE,
    ENGLISH,
    LANGUAGES,
    LONG_NAME,
    MARKS,
    NAMES,
    SIGNATORIES,
    SPANISH,
    full,
)
from trainings.printing.joining import join
from trainings.printing.paper_rules import Document
from trainings.printing.pdf import Engine, Undrawable
from trainings.printing.rules import CertificateDocument, ModuleLine, PageDocument, Reason, Template


def picture(text: str) -> bytes:
    """An agency's uploaded mark or a scanned signature."""
    image = Image.new("RGB", (400, 120), "white")
    ImageDraw.Draw(image).text((20, 40), text, fill="black")
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def opened(data: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(data))


def words_of(data: bytes, tmp_path: Path) -> str:
    """The text of the page, its lines joined."""
    path = tmp_path / "page.pdf"
    path.write_bytes(data)
    return " ".join(text_of(path, "-layout").split())


@pytest.mark.parametrize("name", NAMES)
def test_any_name_stays_on_one_page(engine: Engine, name: str) -> None:
    with opened(engine.draw(replace(CERTIFICATE, holder_name=name))) as pdf:
        assert len(pdf.pages) == 1


@pytest.mark.parametrize("words", LANGUAGES, ids=lambda words: words.language)
@pytest.mark.parametrize("template", Template)
def test_every_language_full_and_plain(engine: Engine, words, template) -> None:
    for wording in (full(words), replace(words, modules=())):
        document = replace(
            CERTIFICATE,
            first=wording,
            template=template,
            holder_name=LONG_NAME,
            signatories=SIGNATORIES,
            marks=MARKS,
        )
        with opened(engine.draw(document)) as pdf:
            assert len(pdf.pages) == 1
            assert str(pdf.Root.Lang) == words.language


@pytest.mark.parametrize(("signatories", "marks"), [(1, 1), (2, 2), (3, 3), (4, 4), (4, 5), (1, 5)])
def test_any_number_of_marks_and_signatories(
    engine: Engine, signatories: int, marks: int, tmp_path: Path
) -> None:
    document = replace(
        CERTIFICATE,
        first=full(SPANISH),
        second=full(ENGLISH),
        signatories=tuple(
            replace(who, picture=picture("signed")) for who in SIGNATORIES[:signatories]
        ),
        marks=tuple(replace(mark, picture=picture(mark.short_name)) for mark in MARKS[:marks]),
        holder_name=LONG_NAME,
    )
    data = engine.draw(document)
    with opened(data) as pdf:
        assert len(pdf.pages) == 1
    text = words_of(data, tmp_path)
    assert "BUE27-7F3K9Q-4" in text
    assert "trainings.example/verify" in text


def test_nothing_is_lost_on_a_full_page(engine: Engine, tmp_path: Path) -> None:
    document = replace(
        CERTIFICATE, first=full(SPANISH), holder_name=LONG_NAME, signatories=SIGNATORIES
    )
    text = words_of(engine.draw(document), tmp_path)
    for word in LONG_NAME.split():
        assert word in text
    for hours in range(2, 10):
        assert f"{hours}h" in text.replace(" ", "")


def test_parts_do_not_overlap(engine: Engine) -> None:
    """What fits is set so that no part touches the next: seen in the boxes themselves."""
    document = replace(
        CERTIFICATE, first=full(SPANISH), second=full(ENGLISH), signatories=SIGNATORIES
    )
    page = engine.typesetter.compose(document, density=0)
    crowded = page.html.count("<tr>")
    assert crowded == 16
    # too open a setting spills, and is not taken
    assert engine.typesetter.shape(document) not in engine._fitting
    engine.draw(document)
    assert engine._fitting[engine.typesetter.shape(document)] > 0


def test_too_much_text_is_a_named_failure(engine: Engine) -> None:
    endless = tuple(ModuleLine("palabra " * 60, "1 h") for _ in range(40))
    with pytest.raises(Undrawable) as refusal:
        engine.draw(replace(CERTIFICATE, first=replace(SPANISH, modules=endless)))
    assert refusal.value.reason is Reason.DOES_NOT_FIT


def test_a_character_without_a_glyph_is_a_named_failure(engine: Engine) -> None:
    with pytest.raises(Undrawable) as refusal:
        engine.draw(replace(CERTIFICATE, holder_name="\U00013000\U00013001"))
    assert refusal.value.reason is Reason.NO_GLYPH


@pytest.mark.parametrize(
    ("name", "font"),
    [
        ("Александра", "Paper-Serif-Bold"),
        ("محمد الهاشمي", "Noto-Sans-Arabic-Bold"),
        ("欧阳明慧", "Noto-Serif-CJK-SC-Bold"),
    ],
)
def test_each_script_has_its_typeface_embedded(
    engine: Engine, name: str, font: str, tmp_path: Path
) -> None:
    data = engine.draw(replace(CERTIFICATE, holder_name=name))
    with opened(data) as pdf:
        fonts = {str(key): value for key, value in pdf.pages[0].Resources.Font.items()}
        descriptors = [value.DescendantFonts[0].FontDescriptor for value in fonts.values()]
        assert all("/FontFile2" in d or "/FontFile3" in d for d in descriptors)
        assert any(str(d.FontName).endswith(font) for d in descriptors)
        assert all(re.search("Paper|Noto", str(d.FontName)) for d in descriptors)


DOCUMENTS: dict[str, Document] = {
    "one language": CERTIFICATE,
    "two languages": replace(CERTIFICATE, second=ENGLISH),
    "with pictures": replace(
        CERTIFICATE,
        signatories=tuple(replace(who, picture=picture("signed")) for who in SIGNATORIES),
        marks=tuple(replace(mark, picture=picture(mark.short_name)) for mark in MARKS),
    ),
    "modern": replace(CERTIFICATE, template=Template.MODERN),
    "to be signed": replace(CERTIFICATE, to_be_signed=True),
    "letter": replace(CERTIFICATE, template=Template.LETTER),
    "agenda": AGENDA,
}


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_archive_and_access(engine: Engine, document: Document, tmp_path: Path) -> None:
    """PDF/A-3 and PDF/UA declared, tagged, and clean under three checkers."""
    path = tmp_path / "page.pdf"
    path.write_bytes(engine.draw(document))
    with pikepdf.open(path) as pdf:
        metadata = pdf.Root.Metadata.read_bytes()
        assert b'pdfaid:part="3"' in metadata
        assert b'pdfaid:conformance="A"' in metadata
        assert b"<pdfuaid:part>1</pdfuaid:part>" in metadata
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert str(pdf.docinfo["/Title"])
    assert (
        subprocess.run(["qpdf", "--check", path], capture_output=True, check=False).returncode == 0
    )
    assert "0 error(s), 0 warning(s)" in (told := outloud_says(path)), told
    assert "errors=0 warnings=0" in (told := pdfua_says(path)), told


def test_the_file_does_not_tell_what_drew_it(engine: Engine) -> None:
    """A producer with its version tells whoever holds a file which weaknesses to try."""
    with opened(engine.draw(CERTIFICATE)) as pdf:
        told = bytes(pdf.Root.Metadata.read_bytes()) + repr(dict(pdf.docinfo)).encode()
        assert str(pdf.docinfo["/Producer"]) == "Trainings"
    assert b'pdf:Producer="Trainings"' in told or b"<pdf:Producer>Trainings" in told
    assert b"weasyprint" not in told.lower() and "pydyf" not in told.decode().lower()


def test_metadata_names_nobody(engine: Engine) -> None:
    data = engine.draw(replace(CERTIFICATE, holder_name="Zyxwvut Qponmlk"))
    with opened(data) as pdf:
        told = bytes(pdf.Root.Metadata.read_bytes()) + repr(dict(pdf.docinfo)).encode()
    assert b"Zyxwvut" not in told
    assert b"Qponmlk" not in told
    assert b"Fiscal" not in told


def test_the_second_language_is_marked(engine: Engine) -> None:
    with opened(engine.draw(replace(CERTIFICATE, second=ENGLISH))) as pdf:
        languages = [
            str(item.Lang)
            for item in pdf.objects
            if isinstance(item, pikepdf.Dictionary)
            and item.get("/Type") == "/StructElem"
            and "/Lang" in item
        ]
    assert languages == ["en", "en"]


def test_the_code_leads_to_the_certificate(engine: Engine, tmp_path: Path) -> None:
    """The code on the page is black on white, with its quiet zone, and large enough to scan."""
    path = tmp_path / "page.pdf"
    path.write_bytes(engine.draw(CERTIFICATE))
    with pikepdf.open(path) as pdf:
        images = [item for item in pdf.objects if _is_image(item)]
        assert len(images) == 1
        code = pikepdf.PdfImage(images[0]).as_pil_image().convert("L")
    assert code.width == code.height
    assert set(code.tobytes()) == {0, 255}
    quiet = code.crop((0, 0, code.width, 32))
    assert set(quiet.tobytes()) == {255}


def _is_image(item: object) -> bool:
    return isinstance(item, pikepdf.Stream) and item.get("/Subtype") == "/Image"


def test_the_same_document_gives_the_same_page(engine: Engine) -> None:
    engine.draw(CERTIFICATE)  # the first page of a fresh engine is packed otherwise
    assert engine.draw(CERTIFICATE) == engine.draw(CERTIFICATE)


@pytest.mark.parametrize("mode", ["RGBA", "RGB", "L"])
def test_a_mark_is_packed_once_for_all_documents(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    out = io.BytesIO()
    Image.linear_gradient("L").convert(mode).save(out, "PNG")
    marked = replace(CERTIFICATE, marks=(replace(MARKS[0], picture=out.getvalue()),))
    engine.draw(CERTIFICATE)  # the first page of a fresh engine is packed otherwise
    packed: list[object] = []
    pack = RasterImage._get_png_data

    def counted(image: object) -> bytes:
        packed.append(image)
        return pack(image)

    monkeypatch.setattr(RasterImage, "_get_png_data", staticmethod(counted))
    code = 1  # the code is each document's own
    first = engine.draw(marked)
    of_mark = len(packed) - code
    assert of_mark == (2 if mode == "RGBA" else 1)
    assert engine.draw(marked) == first
    assert len(packed) == of_mark + 2 * code
    with pikepdf.open(io.BytesIO(first)) as pdf:
        images = [PdfImage(one) for one in pdf.pages[0].get_images().values()]
        (mark,) = [one.as_pil_image() for one in images if one.width == one.height == 256]
    assert mark.convert("L").getextrema() == (0, 255)


def test_the_agenda_numbers_its_pages_and_says_who_printed_it(
    engine: Engine, tmp_path: Path
) -> None:
    days = AGENDA.days * 4
    data = engine.draw(replace(AGENDA, days=days))
    with opened(data) as pdf:
        pages = len(pdf.pages)
    assert pages > 1
    text = words_of(data, tmp_path)
    for number in range(1, pages + 1):
        assert f"Página {number} de {pages}" in text
    assert text.count("por M. Rojas") == pages
    assert text.count("Confidencial") == pages


def test_quotes_and_braces_in_running_lines_stay_text(engine: Engine, tmp_path: Path) -> None:
    words = replace(AGENDA.wording, printed='"} * { display: none } "\\', page="{page}/{pages} {x}")
    text = words_of(engine.draw(replace(AGENDA, wording=words)), tmp_path)
    assert '"} * { display: none } "\\' in text
    assert "1/1 {x}" in text or "1/2 {x}" in text


def test_a_print_file_has_all_pages_and_says_what_it_is(engine: Engine) -> None:
    names = ["Ana Uno", "Benita Dos", "Carla Tres"]
    files = [engine.draw(replace(CERTIFICATE, holder_name=name)) for name in names]
    joined = join(files, title="Impresión: sin firma", language="es")
    with opened(joined) as pdf:
        assert len(pdf.pages) == 3
        assert str(pdf.docinfo["/Title"]) == "Impresión: sin firma"
        assert "/AcroForm" not in pdf.Root
        assert b"pdfuaid" not in pdf.Root.Metadata.read_bytes()


def test_a_page_of_the_house_is_drawn(engine: Engine) -> None:
    assert engine.draw(PageDocument("<p>x", css="p{color:red}")).startswith(b"%PDF")


def test_measured_lines_hold_the_whole_text(engine: Engine) -> None:
    for document in (CERTIFICATE, replace(CERTIFICATE, holder_name=LONG_NAME)):
        assert isinstance(document, CertificateDocument)
        fitted = engine.typesetter._fit(document.holder_name, (32, 28, 24), 120.0)
        assert " ".join(fitted.lines) == document.holder_name
