"""Quotes of other programs: those in fixtures/quotes, and what pikepdf and pyHanko make of them."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pikepdf
from pikepdf import Encryption, ObjectStreamMode, Permissions

import signing
from documents import ROOT
from signing import Authority

QUOTES = ROOT / "fixtures" / "quotes"

# Which program made which is in the README there.
MADE_BY_OTHERS = ("libreoffice", "chromium", "cairo", "ghostscript", "pdftex")

# What is in the quote that has attachments.
ATTACHED = {"voorwaarden é (1).txt": b"voorwaarden", "a.txt": b"a"}


@dataclass(frozen=True)
class Quote:
    """A quote, and what it holds."""

    name: str
    pdf: Path
    attachments: dict[str, bytes] = field(default_factory=dict)
    # What may not be added to it: "embed", "append".
    refuses: dict[str, str] = field(default_factory=dict)

    @property
    def can_be_signed(self) -> bool:
        """Whether pyHanko signs it as it comes."""
        with pikepdf.open(self.pdf) as opened:
            # It wants no second kind of table, and the whole history of a generation.
            return not opened.is_encrypted and self.name not in ("as-word", "generation")


def make_all(folder: Path, authority: Authority) -> list[Quote]:
    """All quotes that can be read."""
    return [*_copies(folder), *_by_hand(folder), *_by_pikepdf(folder), *_signed(folder, authority)]


def _copies(folder: Path) -> Iterator[Quote]:
    folder.mkdir()
    for name in MADE_BY_OTHERS:
        yield Quote(name, Path(shutil.copy(QUOTES / f"{name}.pdf", folder)))


_PAGE = (
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R"
    b"/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>"
)
_TEXT = b"<</Length 34>>\nstream\nBT /F 9 Tf 9 99 Td (Offerte) Tj ET\nendstream"


def _by_hand(folder: Path) -> Iterator[Quote]:
    """What no program here writes: as Word does, a table with a stream beside it that has more; and a catalog
    that was replaced long ago, in a file without an id."""
    pages = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
    catalog = b"<</Type/Catalog/Pages 2 0 R/Names 6 0 R>>"
    names = b"6 0 <</Dests<</Names[(prijs)[3 0 R/Fit]]>>>>"
    packed = b"<</Type/ObjStm/N 1/First 4/Length %d>>\nstream\n%s\nendstream" % (len(names), names)
    data, offsets = _body([catalog, pages, _PAGE, _TEXT, packed])
    data, first = _table(data, offsets, b"<</Size 6/Root 1 0 R>>")
    stream = len(data)
    # Object 6 is the first in object 5; object 7 is this stream.
    rows = bytes((2, 0, 5, 0, 1)) + stream.to_bytes(2, "big") + b"\0"
    data += b"7 0 obj\n<</Type/XRef/Size 8/W[1 2 1]/Index[6 2]/Root 1 0 R/Length %d>>\n" % len(rows)
    data += b"stream\n" + rows + b"\nendstream\nendobj\n"
    last = len(data)
    data += b"xref\n0 0\ntrailer\n<</Size 8/Root 1 0 R/Prev %d/XRefStm %d>>\n" % (first, stream)
    data += b"startxref\n%d\n%%%%EOF\n" % last
    yield _written(folder / "as-word.pdf", data)

    data, offsets = _body([b"<</Type/Catalog/Pages 2 0 R>>", pages, _PAGE, _TEXT], b"1 2 obj")
    data, _ = _table(data, offsets, b"<</Size 5/Root 1 2 R>>", b"00002")
    yield _written(folder / "generation.pdf", data)


def _body(objects: list[bytes], first: bytes = b"1 0 obj") -> tuple[bytes, list[int]]:
    data, offsets = b"%PDF-1.5\n", []
    for number, value in enumerate(objects, 1):
        offsets.append(len(data))
        head = first if number == 1 else b"%d 0 obj" % number
        data += head + b"\n" + value + b"\nendobj\n"
    return data, offsets


def _table(
    data: bytes, offsets: list[int], trailer: bytes, generation: bytes = b"00000"
) -> tuple[bytes, int]:
    start = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f\r\n" % (len(offsets) + 1)
    for index, offset in enumerate(offsets):
        data += b"%010d %s n\r\n" % (offset, generation if index == 0 else b"00000")
    return data + b"trailer\n" + trailer + b"\nstartxref\n%d\n%%%%EOF\n" % start, start


def _written(target: Path, data: bytes) -> Quote:
    target.write_bytes(data)
    return Quote(target.stem, target)


def _by_pikepdf(folder: Path) -> Iterator[Quote]:
    """pdfTeX's has all that matters: a form, links by name, bookmarks; LibreOffice's has structure."""
    generate, disable = ObjectStreamMode.generate, ObjectStreamMode.disable
    # The older revisions have no permission of their own for adding pages.
    all_allowed = Permissions(modify_assembly=True)
    ways = {
        "object-streams": ("pdftex", {"object_stream_mode": generate}),
        "table": ("pdftex", {"object_stream_mode": disable}),
        "linearized": ("libreoffice", {"linearize": True}),
        "rc4-40": (
            "pdftex",
            {"encryption": Encryption(owner="o", R=2, aes=False, metadata=False, allow=all_allowed)},
        ),
        "rc4-128": ("pdftex", {"encryption": Encryption(owner="o", R=3, aes=False, metadata=False)}),
        "aes-128": ("pdftex", {"encryption": Encryption(owner="o", R=4), "object_stream_mode": disable}),
        "aes-256": (
            "libreoffice",
            {"encryption": Encryption(owner="o", R=6), "object_stream_mode": generate},
        ),
        "plain-metadata": ("pdftex", {"encryption": Encryption(owner="o", R=6, metadata=False)}),
    }
    for name, (source, options) in ways.items():
        target = folder / f"{name}.pdf"
        with pikepdf.open(QUOTES / f"{source}.pdf") as opened:
            opened.save(target, **options)
        yield Quote(name, target)

    target = folder / "attachments.pdf"
    with pikepdf.open(QUOTES / "chromium.pdf") as opened:
        for name, content in ATTACHED.items():
            opened.attachments[name] = content
        opened.save(target, encryption=Encryption(owner="o", R=4))
    yield Quote("attachments", target, ATTACHED)

    target = folder / "restricted.pdf"
    with pikepdf.open(QUOTES / "cairo.pdf") as opened:
        opened.save(target, encryption=Encryption(owner="o", R=6, allow=Permissions(modify_other=False)))
    refused = "does not allow that it is changed"
    yield Quote("restricted", target, refuses={"embed": refused, "append": refused})


def _signed(folder: Path, authority: Authority) -> Iterator[Quote]:
    for name, source, sign, refuses in (
        ("signed", "chromium", signing.sign, {"append": "pages after a signature break it"}),
        ("signed-stream", "pdftex", signing.sign, {"append": "pages after a signature break it"}),
        (
            "certified",
            "cairo",
            signing.certify,
            dict.fromkeys(("embed", "append"), "forbids that anything is added"),
        ),
    ):
        with_field, target = folder / f"{name}-field.pdf", folder / f"{name}.pdf"
        signing.add_field(QUOTES / f"{source}.pdf", "akkoord-offerte", with_field)
        sign(with_field, "akkoord-offerte", authority.processor, target)
        yield Quote(name, target, refuses=refuses)
