"""Names of every script that is official somewhere: printed, and read from the file as written."""

import subprocess
from pathlib import Path

import pypdfium2
import pytest
from babel.core import get_global
from msgspec.structs import replace

from tests.printing.samples import CERTIFICATE
from trainings.core.names import name_words
from trainings.core.text import clean_name
from trainings.printing.pdf import Engine

NAMES = {
    "Arab": "محمد الهاشمي",
    "Armn": "Անահիտ Պետրոսյան",
    "Beng": "সুমাইয়া চৌধুরী",
    "Cans": "ᐊᓈᓇ ᑕᖅᑭᖅ",
    "Cyrl": "Ольга Ђорђе Ғани",
    "Deva": "सीता श्रीवास्तव",
    "Ethi": "አበበ ቢቂላ",
    "Geor": "ნინო ჯავახიშვილი",
    "Grek": "Άννα Ϊόνιος",
    "Gujr": "ક્રિષ્ના પટેલ",
    "Guru": "ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ",
    "Hans": "欧阳明慧",
    "Hant": "歐陽慧",
    "Hebr": "משה כהן",
    "Jpan": "さくら タカハシ 髙橋",
    "Khmr": "សុខ វិសាល ស្រី",
    "Knda": "ಕೃಷ್ಣ ಶ್ರೀನಿವಾಸ",
    "Kore": "김민준",
    "Laoo": "ສົມພອນ ແກ້ວ",
    "Latn": "Ǯôłžđ Ɓala Ŋɔ́ɖe Gbẽ G̃uarani Ọ̀ṣun",
    "Mlym": "ലക്ഷ്മി രാജൻ",
    "Mong": "ᠪᠠᠲᠤ",
    "Mymr": "မောင်မောင် ကြွှို့",
    "Olck": "ᱥᱟᱱᱛᱟᱲ",
    "Orya": "କ୍ରୁଷ୍ଣା ପଣ୍ଡା",
    "Sinh": "ශ්\u200dරී ලාල්",
    "Taml": "ஸ்ரீ கிருஷ்ணன்",
    "Telu": "శ్రీనివాస కృష్ణ",
    "Tfng": "ⵉⴷⵉⵔ ⵎⴰⵙⵙⵉⵏ",
    "Thaa": "އަހުމަދު",
    "Thai": "สมชาย น้ำผึ้ง",
    "Tibt": "བསྒྲུབས་ ཀརྨ",
}
MORE = {"Persian": "علی\u200cرضا کریمی", "Urdu": "نیلوفر بختیار", "Two scripts": "Ana علي"}
for row in range(0x250, 0x2B0, 16):  # phonetic letters
    MORE[f"{row:04X}"] = "".join(map(chr, range(row, row + 16)))
TURNED = {"Thaa"}  # Poppler turns around leftward words that say what they are


def test_every_official_script_has_a_name_here() -> None:
    likely = get_global("likely_subtags")
    official = set()
    for country, languages in get_global("territory_languages").items():
        for language, facts in languages.items():
            if facts.get("official_status"):
                whole = likely.get(f"{language}_{country}") or likely.get(language) or language
                official |= {part for part in (language, whole)[1].split("_") if len(part) == 4}
    assert official - set(NAMES) == set()
    assert len(official) > 25


@pytest.fixture(scope="module")
def drawn(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A certificate for each name."""
    folder = tmp_path_factory.mktemp("scripts")
    files = {}
    for key, name in (NAMES | MORE).items():
        files[key] = folder / f"{key}.pdf"
        files[key].write_bytes(engine.draw(replace(CERTIFICATE, holder_name=name)))
    return files


def read_by_pdfium(path: Path) -> str:
    with pypdfium2.PdfDocument(path) as document:
        return document[0].get_textpage().get_text_range()


def read_by_poppler(path: Path) -> str:
    return subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True
    ).stdout


@pytest.mark.parametrize(("key", "name"), list((NAMES | MORE).items()))
def test_what_is_read_from_the_file_is_the_name(
    drawn: dict[str, Path], key: str, name: str
) -> None:
    assert clean_name(name, 160), "it is welcome where it is typed"
    readers = [read_by_pdfium] + ([] if key in TURNED else [read_by_poppler])
    for read in readers:
        words = name_words(read(drawn[key]))
        assert set(name_words(name)) <= set(words), read.__name__


def test_only_a_page_that_needs_it_says_its_text(drawn: dict[str, Path]) -> None:
    def says(key: str) -> bool:
        shown = subprocess.run(
            ["qpdf", "--qdf", "--object-streams=disable", str(drawn[key]), "-"],
            capture_output=True,
            check=True,
        ).stdout
        return b"/ActualText" in shown

    assert says("Thai") and says("Latn")
    assert not says("Hans") and not says("Cyrl")
