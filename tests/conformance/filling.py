"""Filling in, by programs that each have their own way with a form."""

import io
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pymupdf
import pypdf
from pikepdf.form import DefaultAppearanceStreamGenerator, Form
from pyhanko.pdf_utils.generic import DictionaryObject, StreamObject, pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pymupdf import mupdf

# The table of the codes that are not those of WinAnsiEncoding.
_TABLE = Path(__file__).resolve().parents[2] / "src/pdf/form/letters.rs"
_DIFFERENCES = {
    int(code, 16): letter for code, letter in re.findall(r"\(0x(..), '(.)', \"", _TABLE.read_text("utf-8"))
}
# The codes of the form's font, by the letter.
CODES = {
    letter: code
    for code in range(1, 0x100)
    if (letter := _DIFFERENCES.get(code) or bytes([code]).decode("cp1252", "ignore")).isprintable() and letter
}

# Every letter of the form's font that leaves ink, and the space.
LETTERS = "".join(CODES)

ASCII = "".join(letter for letter in LETTERS if letter.isascii())
WIN_ANSI = "".join(letter for letter in LETTERS if letter.encode("cp1252", "ignore"))

Values = dict[str, str]


def by_pypdf(source: Path, values: Values, target: Path) -> None:
    """Writes the file anew."""
    _by_pypdf(pypdf.PdfWriter(clone_from=source), values, target)


def by_pypdf_appended(source: Path, values: Values, target: Path) -> None:
    """Leaves the file as it is and appends what changed."""
    _by_pypdf(pypdf.PdfWriter(source, incremental=True), values, target)


def _by_pypdf(writer: pypdf.PdfWriter, values: Values, target: Path) -> None:
    for page in writer.pages:
        if "/Annots" in page:
            writer.update_page_form_field_values(page, values, auto_regenerate=False)
    writer.write(target)


def by_pikepdf(source: Path, values: Values, target: Path) -> None:
    """Writes the file anew."""
    with pikepdf.open(source) as pdf:
        form = Form(pdf, DefaultAppearanceStreamGenerator)
        for id, value in values.items():
            form[id].value = value
        pdf.save(target)


def by_pyhanko(source: Path, values: Values, target: Path) -> None:
    """Appends what changed. pyHanko makes no appearances, so this one is made here, in the form's font."""
    with source.open("rb") as file:
        writer = IncrementalPdfFileWriter(io.BytesIO(file.read()))
    for reference in writer.root["/AcroForm"]["/Fields"]:
        field = reference.get_object()
        value = values.get(field["/T"])
        if value is None:
            continue
        empty = field["/AP"]["/N"]
        escaped = bytes(CODES[letter] for letter in value)
        for special in (b"\\", b"(", b")"):
            escaped = escaped.replace(special, b"\\" + special)
        kept = {key: empty[key] for key in ("/Type", "/Subtype", "/BBox", "/Resources")}
        data = b"/Tx BMC q BT /DpaSans 10 Tf 0 g 2 6 Td (" + escaped + b") Tj ET Q EMC"
        appearance = StreamObject({pdf_name(key): kept[key] for key in kept}, stream_data=data)
        field[pdf_name("/V")] = pdf_string(value)
        field[pdf_name("/AP")] = DictionaryObject({pdf_name("/N"): writer.add_object(appearance)})
        writer.mark_update(reference)
    with target.open("wb") as file:
        writer.write(file)


def by_mupdf(source: Path, values: Values, target: Path) -> None:
    """Appends what changed, as viewers that are built on MuPDF do."""
    shutil.copy(source, target)
    with pymupdf.open(target) as document:
        for page in document:
            for widget in page.widgets():
                if widget.field_name in values:
                    annotation = mupdf.PdfAnnot(widget._annot.this)
                    mupdf.pdf_set_text_field_value(annotation, values[widget.field_name])
                    mupdf.pdf_update_annot(annotation)
        options = mupdf.PdfWriteOptions()
        options.do_incremental = 1
        mupdf.pdf_save_document(mupdf.pdf_document_from_fz_document(document.this), str(target), options)


def by_pymupdf(source: Path, values: Values, target: Path) -> None:
    """Writes the file anew."""
    with pymupdf.open(source) as document:
        for page in document:
            for widget in page.widgets():
                if widget.field_name in values:
                    widget.field_value = values[widget.field_name]
                    widget.update()
        document.save(target)


@dataclass(frozen=True)
class Way:
    """A way of filling in, and what it breaks by itself, whatever the document."""

    fill: Callable[[Path, Values, Path], None]
    # The rules of veraPDF.
    breaks: frozenset[str] = frozenset()
    # A warning of qpdf.
    warning: str = "nothing"
    # Which checks of the document it leaves as they were.
    keeps: tuple[str, ...] = ("fields", "attachment")
    # The letters that it can show.
    letters: str = LETTERS
    # Whether it makes letters as high as their field, whose edges they then touch.
    fills_height: bool = False


# MuPDF sets every text in a Helvetica of its own and embeds none of it; other letters in another font of its own.
NOT_EMBEDDED = frozenset({"3a 6.2.11.4.1-1", "ua1 7.21.4.1-1"})

WAYS = {
    "pypdf": Way(by_pypdf, fills_height=True),
    # pypdf counts the objects of its own update wrongly, and loses the keywords.
    "pypdf-appended": Way(
        by_pypdf_appended, warning="reported number of objects", keeps=("fields",), fills_height=True
    ),
    # qpdf, which makes its appearances, knows no other letters in a font with an encoding of its own.
    "pikepdf": Way(by_pikepdf, letters=ASCII),
    "pyhanko": Way(by_pyhanko),
    "mupdf": Way(by_mupdf, breaks=NOT_EMBEDDED, letters=WIN_ANSI),
    # PyMuPDF also names that Helvetica as the font of the field, and draws a border. After a signature the
    # border, and the page mode that it drops from the catalog when it saves, are forbidden changes.
    "pymupdf": Way(by_pymupdf, breaks=NOT_EMBEDDED, keeps=("attachment",), letters=WIN_ANSI),
}


def values_kept(pdf: Path, values: Values) -> list[str]:
    """Whether the values are in the file, as pypdf and as pikepdf read it."""
    problems = []
    seen = pypdf.PdfReader(pdf).get_fields() or {}
    with pikepdf.open(pdf) as opened:
        also = {str(field.T): str(field.get("/V", "")) for field in opened.Root.AcroForm.Fields}
    for id, value in values.items():
        for reader, found in (("pypdf", seen.get(id, {}).get("/V")), ("pikepdf", also.get(id))):
            if found != value:
                problems.append(f"{reader} reads {id} as {found!r}")
    return problems
