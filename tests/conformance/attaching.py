"""The contract in a quote: embedded, or as further pages."""

import hashlib
import json
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pikepdf
import pypdf
from pikepdf import Array, Dictionary, Name

from commands import page_text, poppler, qpdf_problems, run
from documents import Document
from quotes import Quote


def attach(program: Path, quote: Quote, client: Path, output: Path, *flags: str) -> tuple[int, dict]:
    """Runs `dpa-gen attach`; returns its exit code, and what it said."""
    command = (program, "attach", "--embedded", "--quote", quote.pdf, "--client", client)
    done = run(*command, "--json", "--output", output, *flags)
    return done.returncode, json.loads(done.stdout)


def usual_name(document: Document) -> str:
    """The name that a contract has by itself."""
    return f"{document.name}-verwerkersovereenkomst-{document.facts['version']}.pdf"


def common(quote: Quote, made: Path) -> Iterator[str]:
    """What holds however the contract was added."""
    if not made.read_bytes().startswith(quote.pdf.read_bytes()):
        yield "the quote is not the beginning"
    yield from qpdf_problems(made)


def attachments(quote: Quote, made: Path, name: str, content: bytes, relation: str) -> Iterator[str]:
    """What is attached, as pikepdf and as poppler take it out: what was there, and the one that was added."""
    expected = quote.attachments | {name: content}
    with pikepdf.open(made) as opened:
        found = {key: value.get_file().read_bytes() for key, value in opened.attachments.items()}
        yield from _differ("pikepdf", expected, found)
        if name not in found:
            return
        [specification] = [file for file in opened.Root.AF if str(file.UF) == name]
        stream = specification.EF.F
        parameters = stream.Params
        if str(specification.AFRelationship) != f"/{relation}":
            yield f"{name} is related as {specification.AFRelationship}"
        if not str(specification.get("/Desc", "")).strip():
            yield f"{name} has no description"
        if parameters.Size != len(content) or bytes(parameters.CheckSum) != hashlib.md5(content).digest():
            yield f"{name} says that it has {parameters.Size} bytes, and another checksum"
        if not str(parameters.ModDate).startswith("D:20"):
            yield f"{name} has no date"
    listed = poppler("pdfdetach", "-list", made).splitlines()[1:]
    taken = {}
    for line in listed:
        number, _, key = line.strip().partition(": ")
        target = made.with_suffix(f".{number}")
        poppler("pdfdetach", "-save", number, "-o", target, made)
        taken[key] = target.read_bytes()
    yield from _differ("poppler", expected, taken)


def _differ(reader: str, expected: dict[str, bytes], found: dict[str, bytes]) -> Iterator[str]:
    if set(expected) != set(found):
        yield f"{reader} sees {sorted(found)}, expected {sorted(expected)}"
    for name in expected.keys() & found.keys():
        if expected[name] != found[name]:
            yield f"{reader} takes out {name} with other bytes"


def embedded(quote: Quote, document: Document, made: Path) -> Iterator[str]:
    """A quote with the contract as a file in it."""
    yield from common(quote, made)
    yield from attachments(quote, made, usual_name(document), document.pdf.read_bytes(), "Supplement")
    if pages(made) != pages(quote.pdf):
        yield f"there are {pages(made)} pages"
    if page_text(made) != page_text(quote.pdf):
        yield "the pages say something else"
    with pikepdf.open(made) as opened, pikepdf.open(quote.pdf) as before:
        changed = set(before.Root.keys()) ^ set(opened.Root.keys()) - {"/Names", "/AF"}
        if changed - {"/Names", "/AF"}:
            yield f"the catalog has other entries: {sorted(changed)}"


def pages(pdf: Path) -> int:
    """How many pages a file has."""
    with pikepdf.open(pdf) as opened:
        return len(opened.pages)


def appended(quote: Quote, document: Document, made: Path) -> Iterator[str]:
    """A quote with the contract's pages after its own."""
    yield from common(quote, made)
    source = json_of(document.pdf)
    yield from attachments(quote, made, "contract.json", source, "Source")
    before, added = pages(quote.pdf), pages(document.pdf)
    if pages(made) != before + added:
        yield f"there are {pages(made)} pages, expected {before} + {added}"
        return
    if page_text(made) != page_text(quote.pdf) + page_text(document.pdf):
        yield "the pages say something else"
    expected = fields(quote.pdf) | fields(document.pdf)
    if fields(made) != expected:
        yield f"pypdf sees the fields {sorted(fields(made))}, expected {sorted(expected)}"
    yield from _bookmarks(quote, document, made, before)
    with pikepdf.open(made) as opened:
        yield from _links(opened, before)
        yield from _structure(opened, before)


def json_of(pdf: Path) -> bytes:
    """The contract's own source."""
    with pikepdf.open(pdf) as opened:
        return opened.attachments["contract.json"].get_file().read_bytes()


def fields(pdf: Path) -> set[str]:
    """The form fields, as pypdf sees them."""
    return set(pypdf.PdfReader(pdf).get_fields() or {})


def bookmarks(pdf: Path) -> list[tuple[int, str, int]]:
    """Depth, title and page of each bookmark, as pypdf reads them."""
    reader = pypdf.PdfReader(pdf)
    found = []

    def visit(items: list, depth: int) -> None:
        for item in items:
            if isinstance(item, list):
                visit(item, depth + 1)
            else:
                found.append((depth, item.title, reader.get_destination_page_number(item)))

    visit(reader.outline, 0)
    return found


def _bookmarks(quote: Quote, document: Document, made: Path, before: int) -> Iterator[str]:
    contract = [(depth + 1, title, page + before) for depth, title, page in bookmarks(document.pdf)]
    found, own = bookmarks(made), bookmarks(quote.pdf)
    if found[: len(own)] != own:
        yield f"the quote's bookmarks are {found[: len(own)]}, expected {own}"
    if found[len(own) + 1 :] != contract:
        yield f"the contract's bookmarks are {found[len(own) + 1 :]}"
    above = [(depth, page) for depth, _, page in found[len(own) : len(own) + 1]]
    if above != [(0, before)]:
        yield f"the contract's own bookmark is {above}"


def _links(pdf: pikepdf.Pdf, before: int) -> Iterator[str]:
    """Every link within the file leads to a page, the contract's to pages of the contract."""
    names = {}
    if "/Dests" in pdf.Root.get("/Names", {}):
        tree = pikepdf.NameTree(pdf.Root.Names.Dests)
        names = {bytes(pikepdf.String(key)): value for key, value in tree.items()}
    old = pdf.Root.get("/Dests", {})
    numbers = {page.obj.objgen: index for index, page in enumerate(pdf.pages)}
    count = 0
    for index, page in enumerate(pdf.pages):
        for annotation in page.obj.get("/Annots", []):
            target = annotation.get("/Dest", annotation.get("/A", {}).get("/D"))
            if annotation.get("/Subtype") != Name.Link or target is None:
                continue
            if isinstance(target, pikepdf.String):
                target = names.get(bytes(target))
            elif isinstance(target, Name):
                target = old.get(str(target))
            if isinstance(target, Dictionary):
                target = target.D
            number = numbers.get(target[0].objgen) if isinstance(target, Array) else None
            if number is None:
                yield f"a link on page {index + 1} leads nowhere"
            elif (number >= before) != (index >= before):
                yield f"a link on page {index + 1} leads to page {number + 1}"
            count += index >= before
    if count < 20:
        yield f"the contract has {count} links"


def _structure(pdf: pikepdf.Pdf, before: int) -> Iterator[str]:
    """From each page and annotation of the contract the structure tree leads to elements of that page."""
    tree = pikepdf.NumberTree(pdf.Root.StructTreeRoot.ParentTree)
    top = [element.objgen for element in _list(pdf.Root.StructTreeRoot.K)]
    for index, page in enumerate(pdf.pages):
        if index < before:
            continue
        elements = tree.get(int(page.obj.StructParents))
        if not isinstance(elements, Array) or any(
            element.Pg.objgen != page.obj.objgen for element in elements
        ):
            yield f"page {index + 1} has the structure of another"
            continue
        for annotation in page.obj.get("/Annots", []):
            element = tree.get(int(annotation.StructParent))
            kids = [] if element is None else _list(element.K)
            if not any(
                isinstance(kid, Dictionary) and "/Obj" in kid and kid.Obj.objgen == annotation.objgen
                for kid in kids
            ):
                yield f"an annotation on page {index + 1} has the structure of another"
        root = elements[0]
        while root.P.objgen != pdf.Root.StructTreeRoot.objgen:
            root = root.P
        if root.objgen not in top or str(root.get("/Lang", "")) != "nl":
            yield f"page {index + 1} hangs in the air, or has no language"


def _list(kids: object) -> list:
    return list(kids) if isinstance(kids, Array) else [kids]


def _without_destinations(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.Names.Dests


def _without_bookmarks(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.Outlines.First.Next


def _without_a_field(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.AcroForm.Fields[0]


def _with_other_structure(pdf: pikepdf.Pdf) -> None:
    page = pdf.pages[-1].obj
    page.StructParents = int(page.StructParents) - 1


def _without_a_page(pdf: pikepdf.Pdf) -> None:
    del pdf.pages[-1]


# What is broken, what is said of it, and how it is done.
CONTROLS = (
    ("no destinations", "leads nowhere", _without_destinations),
    ("no bookmarks", "bookmarks are", _without_bookmarks),
    ("no field of the quote", "pypdf sees the fields", _without_a_field),
    ("structure of another page", "has the structure of another", _with_other_structure),
    ("no last page", "pages, expected", _without_a_page),
)


def break_it(source: Path, target: Path, damage: Callable[[pikepdf.Pdf], None]) -> None:
    """Writes a file with a damage."""
    with pikepdf.open(source) as opened, warnings.catch_warnings():
        # pikepdf sees the damage too.
        warnings.simplefilter("ignore")
        damage(opened)
        opened.save(target)
