"""Controls: a document is broken in one place, and its judge has to say so."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String

import checks


def _no_appearance(pdf: Pdf, field: Dictionary) -> None:
    del field.AP


def _no_tooltip(pdf: Pdf, field: Dictionary) -> None:
    del field.TU


def _no_flags(pdf: Pdf, field: Dictionary) -> None:
    del field.F


def _hidden(pdf: Pdf, field: Dictionary) -> None:
    field.F = 2


def _not_in_structure(pdf: Pdf, field: Dictionary) -> None:
    element = checks.parent_tree(pdf)[int(field.StructParent)]
    siblings = element.P.K
    siblings = siblings if isinstance(siblings, Array) else [siblings]
    others = [kid for kid in siblings if not (isinstance(kid, Dictionary) and kid.objgen == element.objgen)]
    element.P.K = Array(others)
    del field.StructParent


def _element_is_no_form(pdf: Pdf, field: Dictionary) -> None:
    checks.parent_tree(pdf)[int(field.StructParent)].S = Name.Span


def _kid_in_array(pdf: Pdf, field: Dictionary) -> None:
    element = checks.parent_tree(pdf)[int(field.StructParent)]
    element.K = Array([element.K])


def _no_tab_order(pdf: Pdf, field: Dictionary) -> None:
    del field.P.Tabs


def _need_appearances(pdf: Pdf, field: Dictionary) -> None:
    pdf.Root.AcroForm.NeedAppearances = True


def _font_not_embedded(pdf: Pdf, field: Dictionary) -> None:
    font = pdf.Root.AcroForm.DR.Font.DpaSans
    font.BaseFont = Name.Helvetica
    del font.FontDescriptor


def _filled_in_font_not_embedded(pdf: Pdf, field: Dictionary) -> None:
    _font_not_embedded(pdf, field)
    field.V = String("x")
    field.AP.N.write(b"/Tx BMC BT /DpaSans 10 Tf 2 6 Td (x) Tj ET EMC")


def _script(pdf: Pdf, field: Dictionary) -> None:
    field.AA = Dictionary(K=Dictionary(S=Name.JavaScript, JS=String("1")))


def _file_not_associated(pdf: Pdf, field: Dictionary) -> None:
    del pdf.Root.AF


def _file_not_related(pdf: Pdf, field: Dictionary) -> None:
    del pdf.Root.AF[0].AFRelationship


def _title_not_shown(pdf: Pdf, field: Dictionary) -> None:
    del pdf.Root.ViewerPreferences


def _no_language(pdf: Pdf, field: Dictionary) -> None:
    del pdf.Root.Lang


def _other_id(pdf: Pdf, field: Dictionary) -> None:
    field.T = String("client-nmae")


def _other_type(pdf: Pdf, field: Dictionary) -> None:
    field.FT = Name.Btn


def _long_place(pdf: Pdf, field: Dictionary) -> None:
    field.Rect = Array([150.2401, *list(field.Rect)[1:]])


def _off_page(pdf: Pdf, field: Dictionary) -> None:
    field.Rect = Array([2000, 2000, 2100, 2020])


def _locked(pdf: Pdf, field: Dictionary) -> None:
    field.Lock = Dictionary(Type=Name.SigFieldLock, Action=Name.All)


def _processor_first(pdf: Pdf, field: Dictionary) -> None:
    elements = checks.parent_tree(pdf)
    fields = {str(field.T): field for field in pdf.Root.AcroForm.Fields}
    for what in ("name", "role", "place", "date", "signature"):
        one, other = (
            elements[int(fields[f"{who}-{what}"].StructParent)] for who in ("client", "processor")
        )
        one.K, other.K = other.K, one.K


def _fields_before_heading(pdf: Pdf, field: Dictionary) -> None:
    headings = [element for element in pdf.objects if _is_heading(element)]
    [last] = [heading for heading in headings if heading.T == "Ondertekening en acceptatie"]
    siblings = [kid for kid in last.P.K if kid.objgen != last.objgen]
    last.P.K = Array([*siblings, last])


def _is_heading(element: pikepdf.Object) -> bool:
    return isinstance(element, Dictionary) and str(element.get("/S", "")).startswith("/H") and "/T" in element


def _link_left(pdf: Pdf, field: Dictionary) -> None:
    field.A = pdf.make_indirect(Dictionary(S=Name.URI, URI=String("dpa-field:client-name")))


def _other_title(pdf: Pdf, field: Dictionary) -> None:
    pdf.docinfo.Title = String("Document")


def _other_digest(pdf: Pdf, field: Dictionary) -> None:
    file = pdf.Root.AF[0].EF.F
    file.write(file.read_bytes().replace(b'"digest": "', b'"digest": "0'))


def _no_texts(pdf: Pdf, field: Dictionary) -> None:
    file = pdf.Root.AF[0].EF.F
    file.write(file.read_bytes().replace(b'"text": "', b'"text": "", "was": "'))


def _empty_pages(pdf: Pdf, field: Dictionary) -> None:
    for page in pdf.pages:
        page.Contents = pdf.make_stream(b"")


def _no_form(pdf: Pdf, field: Dictionary) -> None:
    del pdf.Root.AcroForm


@dataclass(frozen=True)
class Control:
    """Something to break, and what is to be said of it."""

    name: str
    # Gets the document and its field `client-name`.
    damage: Callable[[Pdf, Dictionary], None]
    # The rules that veraPDF finds broken.
    rules: frozenset[str] = frozenset()
    # The check of ours that has to see it, and what it says.
    check: str = ""
    says: str = ""


def _control(name, damage, rules=(), check="", says="") -> Control:
    return Control(name, damage, frozenset(rules), check, says)


CONTROLS = [
    _control("untouched", lambda pdf, field: None),
    _control("no appearance", _no_appearance, ["3a 6.3.3-1"], "fields", "client-name: has no appearance"),
    _control("no tooltip", _no_tooltip, ["ua1 7.18.1-3"], "fields", "client-name: has no tooltip"),
    _control("no flags", _no_flags, ["3a 6.3.2-1"], "fields", "client-name: has the flags None"),
    _control("hidden", _hidden, ["3a 6.3.2-2"], "fields", "client-name: has the flags 2"),
    _control(
        "not in the structure", _not_in_structure, ["ua1 7.18.4-1"], "structure", "the form elements are"
    ),
    _control(
        "its element is no form",
        _element_is_no_form,
        ["ua1 7.18.4-1"],
        "fields",
        "has a structure element /Span",
    ),
    _control("no tab order", _no_tab_order, ["ua1 7.18.3-1"], "catalog", "has no tab order"),
    _control("NeedAppearances", _need_appearances, ["3a 6.4.1-3"], "fields", "NeedAppearances is set"),
    # Nothing is shown in the font as long as nothing is filled in: only we see it then.
    _control("font not embedded", _font_not_embedded, [], "fields", "font /DpaSans is not embedded"),
    _control(
        "filled in, font not embedded",
        _filled_in_font_not_embedded,
        ["3a 6.2.11.4.1-1", "ua1 7.21.4.1-1"],
    ),
    _control("a script", _script, ["3a 6.4.1-1", "3a 6.4.1-2", "3a 6.5.1-1"]),
    _control(
        "file not associated", _file_not_associated, ["3a 6.8-4"], "attachment", "embedded and associated"
    ),
    _control("file not related", _file_not_related, ["3a 6.8-3"], "attachment", "is related as None"),
    _control("title not shown", _title_not_shown, ["ua1 7.1-10"], "catalog", "the title is not shown"),
    _control(
        "no language",
        _no_language,
        [f"ua1 7.2-{rule}" for rule in (2, 24, 25, 30, 33, 34)],
        "catalog",
        "the language is None",
    ),
    # veraPDF minds few of these.
    _control("kid in an array", _kid_in_array, [], "structure", "has no reference as its one kid"),
    _control("another id", _other_id, [], "fields", "sees the fields"),
    _control("another type", _other_type, ["3a 6.3.3-3"], "fields", "pypdf sees client-name as /Btn"),
    _control("long place", _long_place, [], "fields", "more than two decimals"),
    _control("off the page", _off_page, [], "fields", "is not on the paper"),
    _control("locked", _locked, [], "fields", "has a lock"),
    _control("processor read first", _processor_first, [], "structure", "the form elements are read as"),
    _control("fields before their heading", _fields_before_heading, [], "structure", "before the heading"),
    _control("link left", _link_left, ["3a 6.4.1-1"], "catalog", "still is a link"),
    _control("another title", _other_title, [], "catalog", "the title is `Document`"),
    _control("another digest", _other_digest, [], "attachment", "has the digest 0"),
    _control("clauses without text", _no_texts, [], "attachment", "carries no text"),
    _control("empty pages", _empty_pages, [], "text", "the text lacks"),
    _control("no form", _no_form, [], "poppler_agrees", "pdfinfo says Form: none"),
]


def damage(control: Control, source: Path, target: Path) -> None:
    """Breaks the document as the control says."""
    with pikepdf.open(source) as pdf, warnings.catch_warnings():
        # pikepdf sees damage, too.
        warnings.simplefilter("ignore")
        [field] = [field for field in pdf.Root.AcroForm.Fields if field.T == "client-name"]
        control.damage(pdf, field)
        pdf.save(target)
