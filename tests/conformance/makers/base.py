"""What the makers of quotes share: their list, and a plain quote to begin with."""

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf

ROOT = Path(__file__).resolve().parents[3]
SAMPLES = ROOT / "fixtures" / "quotes"


@dataclass(frozen=True)
class Workshop:
    """Where quotes are made, and with what."""

    # What tools.sh filled.
    tools: Path
    # Where the quotes go.
    folder: Path
    # A plain quote of three pages.
    plain: Path

    def path(self, name: str) -> Path:
        """Where a quote goes."""
        return self.folder / f"{name}.pdf"


@dataclass(frozen=True)
class Maker:
    """How a quote is made, and what `attach` refuses it for."""

    name: str
    make: Callable[[Workshop, Path], None]
    # What the refusal says; None if the contract is added.
    embed: str | None = None
    append: str | None = None


MAKERS: list[Maker] = []


def quote(refused: str | None = None, append: str | None = None) -> Callable:
    """Makes a function the maker of a quote of its name."""

    def register(make: Callable[[Workshop, Path], None]) -> Callable:
        name = make.__name__.replace("_", "-")
        MAKERS.append(Maker(name, make, refused, append or refused))
        return make

    return register


def call(*command: str | Path, text: str | None = None) -> None:
    """Runs a program that makes a quote; qpdf ends with 3 when it only warns."""
    arguments = [str(part) for part in command]
    done = subprocess.run(arguments, capture_output=True, input=text, encoding="utf-8", check=False)
    if done.returncode not in (0, 3):
        raise ValueError(f"{arguments[:3]} ends with {done.returncode}: {done.stderr[-400:]}{done.stdout[-400:]}")


def plain(pages: int = 3) -> Pdf:
    """A quote that says on each page which one it is."""
    pdf = pikepdf.new()
    font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    for number in range(1, pages + 1):
        page = pdf.add_blank_page(page_size=(300, 200)).obj
        page.Resources = Dictionary(Font=Dictionary(F=font))
        page.Contents = pdf.make_stream(b"BT /F 24 Tf 40 %d Td (Offerte, blad %d) Tj ET" % (80 + number % 40, number))
    return pdf


def table(pdf: Pdf, target: Path, **options) -> bytes:
    """Saves a quote with a table of cross-references; returns its bytes."""
    pdf.save(target, object_stream_mode=pikepdf.ObjectStreamMode.disable, **options)
    return target.read_bytes()


def by_hand(objects: dict[int, bytes], root: bytes = b"1 0 R", more: bytes = b"", end: bytes = b"\n") -> bytes:
    """A quote of these objects, by number, with lines that end so."""
    data, rows = b"%PDF-1.4" + end, {}
    for number, value in objects.items():
        rows[number] = len(data)
        data += b"%d 0 obj" % number + end + value + end + b"endobj" + end
    start = len(data)
    data += b"xref" + end + b"0 1" + end + b"0000000000 65535 f\r\n"
    for number, offset in sorted(rows.items()):
        data += b"%d 1" % number + end + b"%010d 00000 n\r\n" % offset
    size = b"/Size %d" % (max(rows) + 1)
    data += b"trailer" + end + b"<<%s/Root %s%s>>" % (size, root, more) + end
    return data + b"startxref" + end + b"%d" % start + end + b"%%EOF" + end


PAGE = (
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R"
    b"/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>"
)
TEXT = b"<</Length 38>>\nstream\nBT /F 24 Tf 40 99 Td (Offerte 1) Tj ET  \nendstream"
ONE_PAGE = {
    1: b"<</Type/Catalog/Pages 2 0 R>>",
    2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
    3: PAGE,
    4: TEXT,
}

__all__ = ["MAKERS", "ONE_PAGE", "PAGE", "SAMPLES", "TEXT", "Array", "Maker", "Workshop", "by_hand", "call", "plain", "quote", "table"]
