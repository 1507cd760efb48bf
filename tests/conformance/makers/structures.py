"""Quotes that are built as few programs build them: by pikepdf, and by hand."""

import re
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String

from makers.base import ONE_PAGE, PAGE, TEXT, Workshop, by_hand, plain, quote, table

DAMAGED = "is damaged"


def _saved(pdf: Pdf, target: Path) -> None:
    pdf.save(target, object_stream_mode=pikepdf.ObjectStreamMode.disable)


@quote()
def size_too_low(_: Workshop, target: Path) -> None:
    """The trailer says that there are fewer objects than there are."""
    data = by_hand(ONE_PAGE)
    target.write_bytes(data.replace(b"/Size 5", b"/Size 2"))


@quote()
def size_too_low_far_numbers(_: Workshop, target: Path) -> None:
    """Its numbers begin far above what the trailer says."""
    far = {1: b"<</Type/Catalog/Pages 902 0 R>>", 902: ONE_PAGE[2].replace(b"3 0 R", b"903 0 R")}
    far[903] = PAGE.replace(b"2 0 R", b"902 0 R").replace(b"4 0 R", b"904 0 R")
    far[904] = TEXT
    target.write_bytes(by_hand(far).replace(b"/Size 905", b"/Size 4"))


@quote()
def size_too_high(_: Workshop, target: Path) -> None:
    """The trailer says that there are more objects than there are."""
    target.write_bytes(by_hand(ONE_PAGE).replace(b"/Size 5", b"/Size 5000"))


@quote()
def what_is_not_there(_: Workshop, target: Path) -> None:
    """A page refers to objects that are not there."""
    page = PAGE[:-2] + b"/Annots[7 0 R]/Metadata 8 0 R/Thumb 9 0 R>>"
    target.write_bytes(by_hand(ONE_PAGE | {3: page}))


@quote()
def junk_before(shop: Workshop, target: Path) -> None:
    """Lines of a mail before the header, which offsets do not count."""
    target.write_bytes(b"Content-Type: application/pdf\r\n\r\n" + table(plain(), target))


@quote()
def junk_counted(_: Workshop, target: Path) -> None:
    """Lines before the header, which offsets count."""
    junk = b"junk\n"
    data = by_hand(ONE_PAGE)
    moved = re.sub(rb"(\d{10}) (?=00000 n)", lambda found: b"%010d " % (int(found[1]) + len(junk)), data)
    start = int(re.search(rb"startxref\s+(\d+)", data)[1])
    target.write_bytes(junk + moved.replace(b"startxref\n%d" % start, b"startxref\n%d" % (start + len(junk))))


@quote()
def junk_after(_: Workshop, target: Path) -> None:
    """Zeros after the end."""
    target.write_bytes(by_hand(ONE_PAGE) + bytes(800))


@quote()
def no_line_end(_: Workshop, target: Path) -> None:
    """Nothing after the end."""
    target.write_bytes(by_hand(ONE_PAGE).rstrip())


@quote()
def lines_of_old_macintosh(_: Workshop, target: Path) -> None:
    """A carriage return ends each line."""
    target.write_bytes(by_hand(ONE_PAGE, end=b"\r"))


@quote()
def free_objects(_: Workshop, target: Path) -> None:
    """A list of objects that were removed."""
    data = by_hand(ONE_PAGE).replace(b"/Size 5", b"/Size 8")
    rows = b"5 3\n" + b"".join(b"%010d 00001 f\r\n" % number for number in (6, 7, 0))
    target.write_bytes(data.replace(b"trailer", rows + b"trailer"))


@quote(DAMAGED)
def no_root(_: Workshop, target: Path) -> None:
    """The trailer leads to no catalog."""
    target.write_bytes(by_hand(ONE_PAGE).replace(b"/Root 1 0 R", b""))


@quote(DAMAGED)
def another_root(_: Workshop, target: Path) -> None:
    """The trailer leads to a page."""
    target.write_bytes(by_hand(ONE_PAGE, root=b"3 0 R"))


@quote(DAMAGED)
def no_page_tree(_: Workshop, target: Path) -> None:
    """The catalog leads to nothing."""
    target.write_bytes(by_hand(ONE_PAGE | {2: b"null"}))


@quote(DAMAGED)
def a_page_that_is_not_there(_: Workshop, target: Path) -> None:
    """One of two pages."""
    target.write_bytes(by_hand(ONE_PAGE | {2: b"<</Type/Pages/Kids[3 0 R 9 0 R]/Count 2>>"}))


@quote(DAMAGED)
def a_tree_in_a_circle(_: Workshop, target: Path) -> None:
    """A node of the page tree is below itself."""
    target.write_bytes(by_hand(ONE_PAGE | {2: b"<</Type/Pages/Kids[3 0 R 2 0 R]/Count 2>>"}))


@quote(DAMAGED)
def nested_too_deep(_: Workshop, target: Path) -> None:
    """Lists in lists in lists."""
    deep = b"[" * 100_000 + b"]" * 100_000
    target.write_bytes(by_hand(ONE_PAGE | {5: deep}))


@quote(DAMAGED)
def cut_off(_: Workshop, target: Path) -> None:
    """Without its last lines."""
    target.write_bytes(by_hand(ONE_PAGE)[:-60])


@quote()
def nested_pages(_: Workshop, target: Path) -> None:
    """A page tree of twelve levels; size, turn and fonts stand at its root."""
    pdf = plain()
    top = pdf.Root.Pages
    top.MediaBox, top.Rotate = Array([0, 0, 300, 200]), 270
    top.Resources = pdf.pages[0].obj.Resources
    for page in list(pdf.pages):
        for key in ("/MediaBox", "/Resources"):
            del page.obj[key]
    node, kids = top, top.Kids
    for _level in range(12):
        below = pdf.make_indirect(Dictionary(Type=Name.Pages, Parent=node, Count=3, Kids=kids))
        node.Kids, node = Array([below]), below
    for kid in kids:
        kid.Parent = node
    _saved(pdf, target)


@quote()
def three_hundred_pages(_: Workshop, target: Path) -> None:
    """Longer than what is searched."""
    plain(300).save(target)


@quote()
def page_labels(_: Workshop, target: Path) -> None:
    """Roman numbers, and then others."""
    pdf = plain()
    pdf.Root.PageLabels = Dictionary(Nums=Array([0, Dictionary(S=Name.r), 2, Dictionary(S=Name.D, St=7)]))
    _saved(pdf, target)


@quote()
def attachments_in_utf_16(_: Workshop, target: Path) -> None:
    """Names in UTF-16, as many programs write them."""
    pdf = plain()
    names = Array()
    for name in ("Aap", "Noot"):
        file = pdf.make_stream(b"x", Type=Name.EmbeddedFile)
        names.append(String(b"\xfe\xff" + name.encode("utf-16-be")))
        names.append(pdf.make_indirect(Dictionary(Type=Name.Filespec, F=name, UF=name, EF=Dictionary(F=file))))
    pdf.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=names))
    _saved(pdf, target)


@quote()
def attachments_in_branches(_: Workshop, target: Path) -> None:
    """A name tree of three levels."""
    pdf = plain()
    leaves = Array()
    for number in range(40):
        name = f"bijlage-{number:02}.txt"
        file = pdf.make_stream(name.encode(), Type=Name.EmbeddedFile)
        specification = pdf.make_indirect(Dictionary(Type=Name.Filespec, F=name, UF=name, EF=Dictionary(F=file)))
        names = Array([name, specification])
        leaves.append(pdf.make_indirect(Dictionary(Limits=Array([name, name]), Names=names)))
    middle = pdf.make_indirect(Dictionary(Limits=Array(["bijlage-00.txt", "bijlage-39.txt"]), Kids=leaves))
    pdf.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Kids=Array([middle])))
    pdf.Root.AF = Array([leaves[0].Names[1]])
    _saved(pdf, target)


@quote()
def destinations_as_the_contract_has(_: Workshop, target: Path) -> None:
    """Names of places that the contract uses too."""
    pdf = plain()
    place = Array([pdf.pages[1].obj, Name.Fit])
    pdf.Root.Names = Dictionary(Dests=Dictionary(Names=Array(["definitions", place, "prijs", place])))
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 50, 50]), Dest="definitions")
    pdf.pages[0].obj.Annots = Array([pdf.make_indirect(link)])
    _saved(pdf, target)


@quote()
def fields_in_fields(_: Workshop, target: Path) -> None:
    """A form of two levels, and a widget beside its field."""
    pdf = plain()
    widget = Dictionary(Type=Name.Annot, Subtype=Name.Widget, Rect=Array([20, 20, 120, 40]))
    widget = pdf.make_indirect(widget)
    field = pdf.make_indirect(Dictionary(T="naam", Kids=Array([widget])))
    above = pdf.make_indirect(Dictionary(T="klant", FT=Name.Tx, V="Acme", Kids=Array([field])))
    widget.Parent, field.Parent = field, above
    pdf.pages[0].obj.Annots = Array([widget])
    pdf.Root.AcroForm = Dictionary(Fields=Array([above]))
    _saved(pdf, target)


@quote(append="XFA")
def form_of_xfa(_: Workshop, target: Path) -> None:
    """A form that a program makes while it is shown."""
    pdf = plain()
    pdf.Root.AcroForm = Dictionary(Fields=Array(), XFA=pdf.make_stream(b"<xdp/>"))
    _saved(pdf, target)


@quote()
def folded_bookmarks(_: Workshop, target: Path) -> None:
    """Bookmarks that are shut, with some below them."""
    pdf = plain()
    with pdf.open_outline() as outline:
        item = pikepdf.OutlineItem("Offerte", 0)
        item.is_closed = True
        item.children.extend(pikepdf.OutlineItem(f"Deel {number}", number) for number in range(3))
        outline.root.append(item)
    pdf.Root.Outlines.Count = -1
    _saved(pdf, target)


@quote()
def layers(_: Workshop, target: Path) -> None:
    """Contents that can be switched off."""
    pdf = plain()
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name="Prijzen"))
    pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer])))
    page = pdf.pages[0].obj
    page.Resources.Properties = Dictionary(L=layer)
    page.Contents = pdf.make_stream(b"/OC /L BDC 0 0 50 50 re f EMC")
    _saved(pdf, target)


@quote()
def contents_in_parts(_: Workshop, target: Path) -> None:
    """Contents in five streams that two pages share, and a page without any."""
    pdf = plain()
    page, other, empty = (page.obj for page in pdf.pages)
    words = [b"BT", b"/F 24 Tf", b"40 80 Td", b"(delen) Tj", b"ET"]
    page.Contents = Array([pdf.make_stream(word) for word in words])
    other.Contents = page.Contents
    del empty["/Contents"]
    _saved(pdf, target)


@quote()
def boxes(_: Workshop, target: Path) -> None:
    """Pages that begin elsewhere, are cropped, turned and scaled."""
    pdf = plain()
    first, second, third = (page.obj for page in pdf.pages)
    first.MediaBox = Array([-50, -50, 250, 150])
    second.CropBox, second.Rotate = Array([30, 30, 200, 150]), 180
    third.UserUnit = 2.5
    _saved(pdf, target)


@quote()
def structure_of_one(_: Workshop, target: Path) -> None:
    """A structure tree with a single element, and identifiers."""
    pdf = plain()
    root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    element = Dictionary(Type=Name.StructElem, S=Name.Document, P=root, ID=String("doc"), K=Array())
    element = pdf.make_indirect(element)
    root.K, root.ParentTree = element, Dictionary(Nums=Array([0, Array([element])]))
    root.IDTree = Dictionary(Names=Array(["doc", element]))
    pdf.Root.StructTreeRoot, pdf.Root.MarkInfo = root, Dictionary(Marked=True)
    _saved(pdf, target)


@quote()
def scripts(_: Workshop, target: Path) -> None:
    """Something to do when it is opened, and a script by name."""
    pdf = plain()
    script = pdf.make_indirect(Dictionary(S=Name.JavaScript, JS="1"))
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array(["a", script])))
    pdf.Root.OpenAction = Array([pdf.pages[1].obj, Name.Fit])
    _saved(pdf, target)


@quote("does not allow")
def restricted(_: Workshop, target: Path) -> None:
    """Its owner allows no changes."""
    allowed = pikepdf.Permissions(modify_other=False)
    plain().save(target, encryption=pikepdf.Encryption(owner="o", R=6, allow=allowed))


@quote("password")
def password(_: Workshop, target: Path) -> None:
    """It is password-protected."""
    plain().save(target, encryption=pikepdf.Encryption(owner="o", user="u", R=6))
