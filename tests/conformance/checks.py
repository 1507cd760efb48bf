"""What must hold of every document. Each check gives its problems, none if it holds."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pikepdf
import pypdf
from pikepdf import Array, Dictionary, Name, Stream

from commands import info, letters, page_text, poppler, run
from documents import Document

_TYPES = {"text": "/Tx", "checkbox": "/Btn", "signature": "/Sig"}
# Annotation flags: to be printed, and nothing else (ISO 19005-3, 6.3.2).
_PRINT = 4


def fields(document: Document, pdf: Path) -> Iterator[str]:
    """The form, as pypdf and as pikepdf see it."""
    seen = pypdf.PdfReader(pdf).get_fields() or {}
    if set(seen) != set(document.fields):
        yield f"pypdf sees the fields {sorted(seen)}, expected {sorted(document.fields)}"
    for id, field in seen.items():
        if field.get("/FT") != _TYPES.get(document.fields.get(id, "")):
            yield f"pypdf sees {id} as {field.get('/FT')}"
        if not field.get("/TU"):
            yield f"pypdf sees no tooltip on {id}"
    with pikepdf.open(pdf) as opened:
        yield from _form(document, opened)


def _form(document: Document, pdf: pikepdf.Pdf) -> Iterator[str]:
    if not document.fields:
        if "/AcroForm" in pdf.Root:
            yield "there is a form"
        return
    form = pdf.Root.get("/AcroForm")
    if form is None:
        yield "there is no form"
        return
    if form.get("/NeedAppearances"):
        yield "NeedAppearances is set"
    if "/XFA" in form:
        yield "there is an XFA form"
    if not int(form.get("/SigFlags", 0)) & 1:
        yield "SigFlags does not say that there are signature fields"
    for name, font in form.DR.Font.items():
        if "/FontFile3" not in font.get("/FontDescriptor", {}):
            yield f"the form's font {name} is not embedded"
    elements = parent_tree(pdf)
    ids = [str(field.get("/T")) for field in form.Fields]
    if sorted(ids) != sorted(document.fields):
        yield f"pikepdf sees the fields {sorted(ids)}, expected {sorted(document.fields)}"
    for id, field in zip(ids, form.Fields, strict=True):
        kind = document.fields.get(id, "")
        yield from (f"{id}: {problem}" for problem in _widget(pdf, kind, field, elements))


def _widget(pdf: pikepdf.Pdf, kind: str, field: Dictionary, elements: dict[int, Dictionary]) -> Iterator[str]:
    if field.get("/FT") != _TYPES.get(kind) or field.get("/Subtype") != Name.Widget:
        yield f"is a {field.get('/Subtype')} of type {field.get('/FT')}"
    if not str(field.get("/TU", "")).strip():
        yield "has no tooltip"
    if field.get("/F") != _PRINT:
        yield f"has the flags {field.get('/F')}"
    yield from _appearance(kind, field)
    fonts = pdf.Root.AcroForm.DR.Font
    if kind == "text" and str(field.get("/DA", "")).split()[0:1] not in [[name] for name in fonts.keys()]:
        yield f"has the default appearance {field.get('/DA')}"
    if "/Lock" in field:
        yield "has a lock"
    page = next((page.obj for page in pdf.pages if _same(page.obj, field.get("/P"))), None)
    if page is None:
        yield "names no page of the document"
    else:
        if not any(_same(field, annotation) for annotation in page.get("/Annots", [])):
            yield "is not among its page's annotations"
        yield from _place(field.Rect, page.MediaBox, kind)
    element = elements.get(int(field.get("/StructParent", -1)))
    if element is None:
        yield "has no structure element"
    elif element.get("/S") != Name.Form or not _same(_object_of(element), field):
        yield f"has a structure element {element.get('/S')} that is not its form"


def _appearance(kind: str, field: Dictionary) -> Iterator[str]:
    normal = field.get("/AP", {}).get("/N")
    if kind == "checkbox":
        if not (isinstance(normal, Dictionary) and "/Off" in normal and len(normal) == 2):
            yield "has no appearance for on and off"
        elif str(field.get("/AS")) not in normal:
            yield f"has the state {field.get('/AS')}"
    elif not isinstance(normal, Stream):
        yield "has no appearance"
    elif kind == "text" and not normal.read_bytes().strip().removeprefix(b"q\n").startswith(b"/Tx BMC"):
        yield "has an appearance that viewers cannot replace: no /Tx BMC"


def _place(rect: Array, paper: Array, kind: str) -> Iterator[str]:
    left, bottom, right, top = (Decimal(value) for value in rect)
    if any(value != round(value, 2) for value in (left, bottom, right, top)):
        yield f"has a place of more than two decimals: {rect}"
    x, y, width, height = (Decimal(value) for value in paper)
    if not (x < left < right < width and y < bottom < top < height):
        yield f"is not on the paper: {rect}"
    if kind == "signature" and (right - left < 100 or top - bottom < 40):
        yield f"is too small to sign in: {rect}"


def structure(document: Document, pdf: Path) -> Iterator[str]:
    """The reading order: every form element has one kid, and all come after the closing's heading."""
    with pikepdf.open(pdf) as opened:
        order = list(_walk(opened.Root.StructTreeRoot))
        forms = [element for element in order if element.get("/S") == Name.Form]
        ids, places = [], []
        for element in forms:
            widget = _object_of(element)
            if widget is None:
                yield f"the form element {element.objgen[0]} has no reference as its one kid"
            else:
                ids.append(str(widget.get("/T")))
                places.append(order.index(element))
        if sorted(ids) != sorted(document.fields):
            yield f"the form elements are {ids}, expected {sorted(document.fields)}"
        if not document.standard:
            return
        if ids != list(document.fields):
            yield f"the form elements are read as {ids}, expected {list(document.fields)}"
        headings = [place for place, element in enumerate(order) if str(element.get("/S")).startswith("/H")]
        title = contract(pdf)["signature"]["title"]
        if str(order[headings[-1]].get("/T")) != title:
            yield f"the last heading is {order[headings[-1]].get('/T')}, expected {title}"
        # Who the client is, and its contact persons, are filled in before that.
        closing = ("-name", "-role", "-place", "-date", "-signature")
        for id, place in zip(ids, places, strict=True):
            if id.endswith(closing) and place < headings[-1]:
                yield f"{id} stands before the heading of the closing"


def catalog(document: Document, pdf: Path) -> Iterator[str]:
    """Title, language, claims, and nothing left of how the fields came to be."""
    with pikepdf.open(pdf) as opened:
        root = opened.Root
        if root.get("/Lang") != "nl":
            yield f"the language is {root.get('/Lang')}"
        if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle"):
            yield "the title is not shown"
        if not root.get("/MarkInfo", {}).get("/Marked"):
            yield "the document is not marked as tagged"
        title = str(opened.docinfo.get("/Title", ""))
        if not title or (document.facts["client"] or "") not in title:
            yield f"the title is `{title}`"
        with opened.open_metadata() as meta:
            claims = {
                "dc:title": title,
                "pdfaid:part": "3",
                "pdfaid:conformance": "A",
                "pdfuaid:part": "1",
                "dc:language": {"nl"},
            }
            for key, value in claims.items():
                found = meta.get(key)
                found = set(found) if isinstance(value, set) and found else found
                if found != value:
                    yield f"the metadata say {key} {found}, expected {value}"
        for page in opened.pages:
            if "/Annots" in page and page.get("/Tabs") != Name.S:
                yield f"page {page.index + 1} has no tab order by structure"
        for thing in opened.objects:
            if isinstance(thing, Dictionary) and "dpa-field:" in str(thing.get("/A", {}).get("/URI", "")):
                yield f"object {thing.objgen[0]} still is a link to a field"


def attachment(document: Document, pdf: Path) -> Iterator[str]:
    """The contract in the document, as poppler takes it out and as the document relates to it."""
    attached = contract(pdf)
    digest = attached["digest"]
    if digest != document.facts["digest"]:
        yield f"contract.json has the digest {digest}, expected {document.facts['digest']}"
    if digest not in info(pdf).get("Keywords", ""):
        yield "the keywords lack the digest"
    if digest[:12] not in page_text(pdf):
        yield "no page shows the digest"
    clauses = [*attached["articles"], *attached["annexes"], attached["signature"]]
    if (
        len(attached["articles"]) != document.facts["articles"]
        or len(attached["annexes"]) != document.facts["annexes"]
    ):
        yield "contract.json has other articles or annexes than were made"
    yield from (f"{clause['id']} carries no text" for clause in clauses if len(clause.get("text") or "") < 40)
    with pikepdf.open(pdf) as opened:
        yield from _relation(opened)


def _relation(pdf: pikepdf.Pdf) -> Iterator[str]:
    associated = list(pdf.Root.get("/AF", []))
    named = list(pdf.Root.get("/Names", {}).get("/EmbeddedFiles", {}).get("/Names", []))
    if len(associated) != 1 or len(named) != 2 or not _same(associated[0], named[1]):
        yield "not one file is embedded and associated"
        return
    [specification] = associated
    if specification.get("/AFRelationship") != Name.Source:
        yield f"contract.json is related as {specification.get('/AFRelationship')}"
    if not str(specification.get("/Desc", "")):
        yield "contract.json has no description"
    if not str(specification.get("/F")) == str(specification.get("/UF")) == "contract.json":
        yield f"contract.json is named {specification.get('/F')} and {specification.get('/UF')}"
    file = specification.EF.F
    if file.get("/Subtype") != Name("/application/json"):
        yield f"contract.json is of the type {file.get('/Subtype')}"
    if file.get("/Params", {}).get("/Size") != len(file.read_bytes()) or "/ModDate" not in file.get(
        "/Params", {}
    ):
        yield "contract.json has a wrong size or no date"


def poppler_agrees(document: Document, pdf: Path) -> Iterator[str]:
    """What `pdfinfo` and `pdfsig` say of the form."""
    said = info(pdf)
    expected = {
        "Form": "AcroForm" if document.fields else "none",
        "Tagged": "yes",
        "Pages": str(document.facts["pages"]),
    }
    for name, value in expected.items():
        if said.get(name) != value:
            yield f"pdfinfo says {name}: {said.get(name)}, expected {value}"
    wanted = sorted(id for id, kind in document.fields.items() if kind == "signature")
    found = sorted(unsigned(pdf))
    if found != wanted:
        yield f"pdfsig sees the unsigned fields {found}, expected {wanted}"


def text(document: Document, pdf: Path) -> Iterator[str]:
    """The client's name and the title of every clause, as poppler reads the pages."""
    read = letters(page_text(pdf))
    attached = contract(pdf)
    wanted = [clause["title"] for clause in attached["articles"] + attached["annexes"]]
    if document.facts["client"]:
        wanted.append(document.facts["client"])
    yield from (f"the text lacks `{part}`" for part in wanted if letters(part) not in read)


def unsigned(pdf: Path) -> list[str]:
    """The signature fields that `pdfsig` finds empty. It ends with 2 if there is no signature field."""
    lines = run("pdfsig", pdf).stdout.splitlines()
    name = "  - Signature Field Name: "
    return [
        line.removeprefix(name)
        for line, next in zip(lines, lines[1:], strict=False)
        if line.startswith(name) and "is not signed" in next
    ]


def contract(pdf: Path) -> dict:
    """The attached contract.json, as `pdfdetach` saves it."""
    saved = pdf.with_suffix(".json")
    listed = poppler("pdfdetach", "-list", pdf)
    if "1: contract.json" not in listed:
        raise ValueError(f"pdfdetach lists {listed!r}")
    poppler("pdfdetach", "-save", "1", "-o", saved, pdf)
    return json.loads(saved.read_text("utf-8"))


def parent_tree(pdf: pikepdf.Pdf) -> dict[int, Dictionary]:
    """The structure elements of annotations, by `StructParent`."""
    elements = {}

    def visit(node: Dictionary) -> None:
        numbers = list(node.get("/Nums", []))
        elements.update({int(key): value for key, value in zip(numbers[::2], numbers[1::2], strict=True)})
        for kid in node.get("/Kids", []):
            visit(kid)

    visit(pdf.Root.StructTreeRoot.ParentTree)
    return {key: value for key, value in elements.items() if isinstance(value, Dictionary)}


def _walk(element: Dictionary) -> Iterator[Dictionary]:
    """The structure elements in reading order."""
    if "/S" in element:
        yield element
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, Array) else [kids]:
        if isinstance(kid, Dictionary) and "/S" in kid:
            yield from _walk(kid)


def _object_of(element: Dictionary) -> Dictionary | None:
    """The annotation that is the one kid of a form element: a dictionary, not an array."""
    kid = element.get("/K")
    is_reference = isinstance(kid, Dictionary) and kid.get("/Type") == Name.OBJR
    return kid.get("/Obj") if is_reference else None


def _same(one: object, other: object) -> bool:
    return (
        isinstance(one, pikepdf.Object)
        and isinstance(other, pikepdf.Object)
        and one.objgen == other.objgen != (0, 0)
    )
