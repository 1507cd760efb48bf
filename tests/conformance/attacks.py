"""What a person who does not sign appends to a copy, so that it says something else than what was signed."""

from collections.abc import Callable
from pathlib import Path

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter as Writer

Step = Callable[[Path, Path], None]
# Where the words are that are painted over.
BOX = (60, 60, 540, 780)
PAINT = b"q 1 g 0 0 480 720 re f Q"
NUMBERS = {"crop": (0, 400, 595, 842), "empty": (0, 0, 0, 0)}


def _numbers(values: tuple[float, ...]) -> generic.ArrayObject:
    return generic.ArrayObject(generic.NumberObject(value) for value in values)


def _appended(change: Callable[[Writer], None]) -> Step:
    def step(source: Path, target: Path) -> None:
        with source.open("rb") as old, target.open("wb") as new:
            writer = Writer(old, strict=False)
            change(writer)
            writer.write(new)

    return step


def _appearance(writer: Writer) -> generic.DictionaryObject:
    """A form that covers a page."""
    width, height = BOX[2] - BOX[0], BOX[3] - BOX[1]
    entries = {
        pdf_name("/Type"): pdf_name("/XObject"),
        pdf_name("/Subtype"): pdf_name("/Form"),
        pdf_name("/BBox"): _numbers((0, 0, width, height)),
    }
    stream = generic.StreamObject(entries, stream_data=PAINT)
    return generic.DictionaryObject({pdf_name("/N"): writer.add_object(stream)})


def _widget(writer: Writer, page: generic.IndirectObject, flags: int, entries: dict) -> generic.IndirectObject:
    widget = generic.DictionaryObject({
        pdf_name("/Type"): pdf_name("/Annot"),
        pdf_name("/Subtype"): pdf_name("/Widget"),
        pdf_name("/Rect"): _numbers(BOX),
        pdf_name("/F"): generic.NumberObject(flags),
        pdf_name("/P"): page,
        pdf_name("/AP"): _appearance(writer),
    } | entries)
    return writer.add_object(widget)


def _annotate(writer: Writer, number: int, annotation: generic.IndirectObject) -> None:
    page = writer.find_page_for_modification(number)[0]
    annotations = page.get_object().setdefault(pdf_name("/Annots"), generic.ArrayObject())
    annotations.append(annotation)
    writer.update_container(annotations)
    writer.mark_update(page)


def _in_form(writer: Writer, field: generic.IndirectObject) -> None:
    fields = writer.root["/AcroForm"]["/Fields"]
    fields.append(field)
    writer.update_container(fields)
    writer.update_root()


def _signed_by_nobody(flags: int, pages: tuple[int, ...] = (2,)) -> Step:
    """A field with a signature that is none: its box covers a page, or several."""

    def change(writer: Writer) -> None:
        nothing = writer.add_object(generic.DictionaryObject({pdf_name("/Type"): pdf_name("/Sig")}))
        for number in pages:
            page = writer.find_page_for_modification(number)[0]
            field = _widget(writer, page, flags, {
                pdf_name("/FT"): pdf_name("/Sig"),
                pdf_name("/T"): generic.TextStringObject(f"seal-{number}"),
                pdf_name("/V"): nothing,
            })
            _annotate(writer, number, field)
            _in_form(writer, field)

    return _appended(change)


def _inherited(key: str, value: generic.PdfObject) -> Step:
    """What all pages have from the root of their tree."""

    def change(writer: Writer) -> None:
        root = writer.root["/Pages"]
        root[pdf_name(key)] = value
        writer.mark_update(writer.root.raw_get("/Pages"))

    return _appended(change)


def _stamp(writer: Writer) -> None:
    stamp = generic.DictionaryObject({
        pdf_name("/Type"): pdf_name("/Annot"),
        pdf_name("/Subtype"): pdf_name("/Stamp"),
        pdf_name("/Rect"): _numbers(BOX),
        pdf_name("/F"): generic.NumberObject(4),
        pdf_name("/AP"): _appearance(writer),
    })
    _annotate(writer, 2, writer.add_object(stamp))


def _font(writer: Writer) -> generic.IndirectObject:
    """The descriptor of the first font of a page."""
    page = writer.find_page_for_modification(2)[0].get_object()
    [first, *_] = page["/Resources"]["/Font"].values()
    return first.get_object()["/DescendantFonts"][0].raw_get("/FontDescriptor")


def _swap_font(writer: Writer, is_listed: bool) -> None:
    """Another font program in the place of that of a page; listed among the annotations or not."""
    descriptor = _font(writer).get_object()
    [key] = [key for key in ("/FontFile2", "/FontFile3") if key in descriptor]
    reference = descriptor.raw_get(key)
    program = reference.get_object()
    program._data = program.data[::-1]
    program._encoded_data = None
    writer.mark_update(reference)
    if is_listed:
        _annotate(writer, 2, reference)


def _contents(writer: Writer) -> None:
    page = writer.find_page_for_modification(2)[0]
    old = page.get_object().raw_get("/Contents")
    new = writer.add_object(generic.StreamObject(stream_data=b"q 1 g 60 60 480 720 re f Q"))
    page.get_object()[pdf_name("/Contents")] = generic.ArrayObject(
        [*(old if isinstance(old, generic.ArrayObject) else [old]), new]
    )
    writer.mark_update(page)


def _hide(writer: Writer) -> None:
    """The box of a field over the text of its page."""
    for field in list.__iter__(writer.root["/AcroForm"]["/Fields"]):
        if field.get_object().get("/T") == "client-place":
            field.get_object()[pdf_name("/Rect")] = _numbers(BOX)
            writer.mark_update(field)


def _need(writer: Writer) -> None:
    writer.root["/AcroForm"][pdf_name("/NeedAppearances")] = generic.BooleanObject(True)
    writer.update_root()


def _other_generation(source: Path, target: Path) -> None:
    """An object that is not where the table says, which some programs find and others do not."""
    data = source.read_bytes()
    start = data.rindex(b"startxref")
    evil = b"3 0 obj\n<</Type/Page>>\nendobj\n"
    target.write_bytes(data + evil + data[start:])


ATTACKS: dict[str, Step] = {
    "nobody signs over a page": _signed_by_nobody(4),
    "nobody signs over a page, on screen only": _signed_by_nobody(32),
    "nobody signs over two pages": _signed_by_nobody(4, (2, 4)),
    "all pages cropped": _inherited("/CropBox", _numbers(NUMBERS["crop"])),
    "all pages turned": _inherited("/Rotate", generic.NumberObject(180)),
    "stamp over a page": _appended(_stamp),
    "font swapped": _appended(lambda writer: _swap_font(writer, False)),
    "font swapped, as an annotation": _appended(lambda writer: _swap_font(writer, True)),
    "contents added": _appended(_contents),
    "field moved over a page": _appended(_hide),
    "fields drawn by each viewer": _appended(_need),
    "object beside the table": _other_generation,
}
