"""Quotes of programs: qpdf, Ghostscript, Cairo, pdfTeX, PDFBox, pdf-lib, MuPDF."""

import shutil
from pathlib import Path

import cairocffi
import pymupdf

from makers.base import SAMPLES, Workshop, call, quote

QPDF = {
    "linearized": ["--linearize"],
    "for-editors": ["--qdf", "--object-streams=disable"],
    "object-streams": ["--object-streams=generate", "--compress-streams=y"],
    "turned": ["--rotate=+90"],
    "version-2": ["--min-version=2.0"],
    "one-stream-a-page": ["--coalesce-contents", "--decode-level=generalized", "--recompress-flate"],
    "aes-256": ["--encrypt", "", "owner", "256", "--"],
    "aes-128": ["--encrypt", "", "owner", "128", "--use-aes=y", "--"],
    "rc4-128": ["--allow-weak-crypto", "--encrypt", "", "owner", "128", "--use-aes=n", "--"],
    "plain-metadata": ["--encrypt", "", "owner", "256", "--cleartext-metadata", "--"],
}


def _by_qpdf(name: str, options: list[str]) -> None:
    def make(shop: Workshop, target: Path) -> None:
        source = SAMPLES / "pdftex.pdf" if name in ("linearized", "aes-256") else shop.plain
        call("qpdf", *options, source, target)

    make.__name__ = f"qpdf-{name}"
    quote()(make)


for _name, _options in QPDF.items():
    _by_qpdf(_name, _options)


@quote()
def qpdf_merged(shop: Workshop, target: Path) -> None:
    """Pages of three programs, one of them twice."""
    sources = [str(SAMPLES / f"{name}.pdf") for name in ("libreoffice", "cairo", "chromium")]
    call("qpdf", "--empty", "--pages", *sources, shop.plain, "1,1", "--", target)


@quote()
def qpdf_overlaid(shop: Workshop, target: Path) -> None:
    """One quote painted over another, and no annotation any more."""
    options = ["--overlay", shop.plain, "--repeat=1", "--", "--flatten-annotations=all"]
    call("qpdf", SAMPLES / "pdftex.pdf", *options, target)


@quote()
def qpdf_attachment(shop: Workshop, target: Path) -> None:
    """A file with a name beyond ASCII."""
    call("qpdf", shop.plain, "--add-attachment", shop.plain, "--key=é", "--filename=é.pdf", "--", target)


@quote()
def qpdf_without_restrictions(shop: Workshop, target: Path) -> None:
    """One that was encrypted."""
    call("qpdf", "--decrypt", SAMPLES / "encrypted.pdf", target)


def _by_ghostscript(name: str, options: list[str]) -> None:
    def make(_: Workshop, target: Path) -> None:
        source = SAMPLES / "libreoffice.pdf"
        command = ["gs", "-q", "-dNOPAUSE", "-dBATCH", "-dSAFER", "-sDEVICE=pdfwrite"]
        call(*command, *options, f"-sOutputFile={target}", source)

    make.__name__ = f"ghostscript-{name}"
    quote()(make)


for _name, _options in {
    "1.3": ["-dCompatibilityLevel=1.3"],
    "1.7": ["-dCompatibilityLevel=1.7"],
    "outlines": ["-dNoOutputFonts"],
    "screen": ["-dPDFSETTINGS=/screen"],
}.items():
    _by_ghostscript(_name, _options)


@quote()
def cairo_sizes(_: Workshop, target: Path) -> None:
    """A page of each size."""
    surface = cairocffi.PDFSurface(str(target), 300, 200)
    context = cairocffi.Context(surface)
    for width, height in ((300, 200), (2000, 3000), (20, 20)):
        surface.set_size(width, height)
        context.move_to(5, 15)
        context.set_font_size(12)
        context.show_text("Offerte van Cairo")
        context.show_page()
    surface.finish()


@quote()
def cairo_transparent(_: Workshop, target: Path) -> None:
    """Groups, masks and gradients."""
    surface = cairocffi.PDFSurface(str(target), 300, 200)
    context = cairocffi.Context(surface)
    gradient = cairocffi.LinearGradient(0, 0, 300, 0)
    gradient.add_color_stop_rgba(0, 1, 0, 0, 0.2)
    gradient.add_color_stop_rgba(1, 0, 0, 1, 0.8)
    context.push_group()
    context.set_source(gradient)
    context.rectangle(20, 20, 200, 100)
    context.fill()
    context.pop_group_to_source()
    context.paint_with_alpha(0.5)
    surface.finish()


TEX = r"""\pdfobjcompresslevel=%d \pdfminorversion=%d
\documentclass{article}\usepackage[bookmarks]{hyperref}\begin{document}
\tableofcontents \section{Prijs}\label{prijs} Zie \ref{prijs}. \newpage \section{Levering} Offerte
\end{document}
"""


def _by_pdftex(name: str, level: int, minor: int) -> None:
    def make(_: Workshop, target: Path) -> None:
        folder = target.with_suffix(".tex.d")
        folder.mkdir()
        source = folder / "offerte.tex"
        source.write_text(TEX % (level, minor))
        for _time in range(2):
            call("pdflatex", "-interaction=batchmode", "-halt-on-error", f"-output-directory={folder}", source)
        shutil.move(source.with_suffix(".pdf"), target)

    make.__name__ = f"pdftex-{name}"
    quote()(make)


_by_pdftex("table", 0, 4)
_by_pdftex("object-streams", 3, 7)


def _pdfbox(shop: Workshop, *command: str | Path) -> None:
    call("java", "-Djava.awt.headless=true", "-cp", shop.tools / "foreign/jars/*", "org.apache.pdfbox.tools.PDFBox", *command)


@quote()
def pdfbox_from_text(shop: Workshop, target: Path) -> None:
    """A text, set."""
    source = target.with_suffix(".txt")
    source.write_text("Offerte van PDFBox\n" * 120)
    _pdfbox(shop, "fromtext", "-i", source, "-o", target)


@quote()
def pdfbox_merged(shop: Workshop, target: Path) -> None:
    """Two quotes with structure and with a form."""
    sources = [SAMPLES / "libreoffice.pdf", SAMPLES / "pdftex.pdf"]
    _pdfbox(shop, "merge", "-i", sources[0], "-i", sources[1], "-o", target)


@quote()
def pdfbox_decoded(shop: Workshop, target: Path) -> None:
    """All streams as they are."""
    _pdfbox(shop, "decode", SAMPLES / "pdftex.pdf", target)


@quote()
def pdfbox_encrypted(shop: Workshop, target: Path) -> None:
    """With a password for the owner alone."""
    _pdfbox(shop, "encrypt", "-O", "owner", "-keyLength", "256", "-i", shop.plain, "-o", target)


def _by_pdf_lib(name: str) -> None:
    def make(shop: Workshop, target: Path) -> None:
        if not target.exists():
            script = Path(__file__).with_name("pdf_lib.mjs")
            call("node", script, shop.tools / "foreign", SAMPLES / "chromium.pdf", shop.folder)

    make.__name__ = name
    quote()(make)


for _name in ("pdf-lib", "pdf-lib-table", "pdf-lib-form", "pdf-lib-attachments", "pdf-lib-copied"):
    _by_pdf_lib(_name)


@quote()
def mupdf_revisions(shop: Workshop, target: Path) -> None:
    """Five revisions, each with a note more."""
    shutil.copy(shop.plain, target)
    for number in range(5):
        with pymupdf.open(target) as opened:
            opened[0].add_text_annot((20, 20 + 20 * number), f"nota {number}")
            opened.saveIncr()


@quote()
def mupdf_cleaned(shop: Workshop, target: Path) -> None:
    """Without the pages that were there, and numbered again."""
    with pymupdf.open(shop.plain) as opened:
        opened.delete_page(0)
        opened.save(target, garbage=4, deflate=True)
