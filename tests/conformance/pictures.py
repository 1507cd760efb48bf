"""Whether what is filled in shows: pages are drawn before and after, and compared where the field is."""

from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pymupdf
from PIL import Image, ImageChops

from commands import poppler

_DPI = 120
_PIXELS = _DPI / 72


def by_poppler(pdf: Path, page: int, target: Path) -> None:
    """Draws a page with poppler; pages count from 1."""
    only = ["-f", str(page), "-l", str(page), "-singlefile"]
    poppler("pdftoppm", "-r", str(_DPI), *only, "-png", pdf, target.with_suffix(""))


def by_mupdf(pdf: Path, page: int, target: Path) -> None:
    """Draws a page with MuPDF; pages count from 1."""
    with pymupdf.open(pdf) as document:
        document[page - 1].get_pixmap(dpi=_DPI).save(target)


PAINTERS = {"poppler": by_poppler, "mupdf": by_mupdf}


def shows(empty: Path, filled: Path, ids: list[str], folder: Path, fills_height: bool = False) -> Iterator[str]:
    """What does not show of the fields with these ids, or shows elsewhere.

    With `fills_height`, letters may touch the upper and the lower edge of their field.
    """
    for page, places in _places(empty, ids).items():
        for name, painter in PAINTERS.items():
            before, after = (
                folder / f"{pdf.parent.name}-{pdf.stem}-{page}-{name}.png" for pdf in (empty, filled)
            )
            if not before.exists():
                painter(empty, page, before)
            painter(filled, page, after)
            for problem in _compare(Image.open(before), Image.open(after), places, fills_height):
                yield f"{name}, page {page}: {problem}"


def _places(pdf: Path, ids: list[str]) -> dict[int, dict[str, tuple[int, int, int, int]]]:
    """Where the fields are in the picture of their page, by the page."""
    places = {}
    with pikepdf.open(pdf) as opened:
        for number, page in enumerate(opened.pages, start=1):
            top_of_page = float(page.mediabox[3])
            for widget in page.get("/Annots", []):
                id = str(widget.get("/T", ""))
                if id in ids:
                    left, bottom, right, top = (float(value) for value in widget.Rect)
                    corners = (left, top_of_page - top, right, top_of_page - bottom)
                    places.setdefault(number, {})[id] = tuple(round(value * _PIXELS) for value in corners)
    return places


def _compare(
    before: Image.Image, after: Image.Image, places: dict[str, tuple[int, int, int, int]], fills_height: bool
) -> Iterator[str]:
    change = ImageChops.difference(before.convert("L"), after.convert("L")).point(
        lambda value: 255 if value > 64 else 0
    )
    for id, (left, top, right, bottom) in places.items():
        ink = change.crop((left, top, right, bottom)).getbbox()
        if ink is None:
            yield f"nothing shows in {id}"
            continue
        height = (ink[3] - ink[1]) / _PIXELS
        if not 6 <= height <= 17:
            yield f"the text in {id} is {height:.1f} points high"
        # A letter that touches the edge of its field was cut off there.
        across = ink[0] <= 0 or ink[2] >= right - left
        down = ink[1] <= 0 or ink[3] >= bottom - top
        if across or (down and not fills_height):
            yield f"the text in {id} is clipped"
        # Painters round the edge that letters touch to a pixel more.
        change.paste(0, (left, top - fills_height, right, bottom + fills_height))
    if stray := change.getbbox():
        yield f"something changed beside the fields, at {stray}"
