"""Copies that come back, as other programs make them, and the words that `dpa-gen receive` must say of each.

The table is in returned.toml. Usage, beside judge.py: returning.py TOOLS PROGRAM [--keep DIR]
"""

import argparse
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pymupdf
import pypdf
import pypdfium2
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

import foreign
import signing
from attacks import ATTACKS
from commands import run
from filling import WAYS, by_mupdf
from foreign import Java, Programs
from report import Report

HERE = Path(__file__).parent
TABLE = HERE / "returned.toml"
CLIENT = HERE.parent.parent / "fixtures/clients/acme.toml"
PDF = "acme-verwerkersovereenkomst-2026-06-12.pdf"
VALUES = {"client-place": "Den Haag", "client-date": "24-11-2026", "client-legal-form": "B.V."}
Step = Callable[[Path, Path], None]


class Home:
    """A folder with Acme's contract as it was made, signed by the processor, and sent."""

    def __init__(self, folder: Path, program: Path, programs: Programs, keys: Path) -> None:
        self.folder, self._program, self.programs, self._keys = folder, program, programs, keys
        (folder / "clients").mkdir(parents=True)
        shutil.copy(CLIENT, folder / "clients/acme.toml")
        self.do("regenerate")
        self.made = folder.parent / "made.pdf"
        shutil.copy(folder / PDF, self.made)
        self.do("sign", PDF, "--key", keys / "processor.p12", "--passphrase-env", "WORD")
        self.certified = folder / PDF

    def do(self, *arguments: str | Path, word: str = "secret") -> subprocess.CompletedProcess[str]:
        """Runs the program in the folder."""
        command = [str(part) for part in (self._program, *arguments)]
        return subprocess.run(
            command, cwd=self.folder, env=os.environ | {"WORD": word},
            capture_output=True, encoding="utf-8", check=False,
        )

    def received(self, pdf: Path) -> tuple[dict, int]:
        """What `receive --json` says of a file, and its exit code; nothing is filed."""
        done = self.do("receive", "--dry-run", "--json", pdf)
        results = json.loads(done.stdout)["results"]
        return (results[0] if results else {}), done.returncode

    def steps(self) -> dict[str, Step]:
        """What is done to a copy, by its name."""
        programs = self.programs
        fills = {name: way.fill for name, way in (programs.ways() | WAYS).items()}
        steps: dict[str, Step] = {
            f"{name} fills": lambda source, target, fill=fill: fill(source, VALUES, target)
            for name, fill in fills.items()
        }
        for signer in ("pyhanko", "pdfbox", "dss", "itext"):
            steps[f"{signer} signs"] = lambda source, target, signer=signer: programs.sign(
                signer, source, "client-signature", False, target
            )
        steps["we sign"] = self._sign
        for change in ("painted", "page-removed", "annotated"):
            steps[f"pdfbox {change}"] = lambda source, target, change=change: programs.change(
                source, change, target
            )
        steps["value forged"] = lambda source, target: foreign.forge(source, "", target)
        return steps | STEPS | ATTACKS

    def _sign(self, source: Path, target: Path) -> None:
        done = self.do("sign", source, "--key", self._keys / "processor.p12", "--passphrase-env", "WORD", "-o", target)
        if done.returncode:
            raise ValueError(done.stderr)


def command(*parts: str) -> Step:
    """A step that is a command: IN and OUT stand for the files."""

    def step(source: Path, target: Path) -> None:
        names = {"IN": str(source), "OUT": str(target)}
        done = run(*(names.get(part, part) for part in parts))
        if done.returncode not in (0, 3) or not target.exists():
            raise ValueError(f"{parts[0]}: {done.stderr or done.stdout}")

    return step


def by_pymupdf(change: Callable[[pymupdf.Document], None], **options: object) -> Step:
    """A step that changes a document in PyMuPDF and writes it again."""

    def step(source: Path, target: Path) -> None:
        with pymupdf.open(source) as document:
            change(document)
            document.save(target, **options)

    return step


def _words(page: pymupdf.Page, word: str) -> pymupdf.Rect:
    found = page.search_for(word)
    if not found:
        raise ValueError(f"{word} is not on {page}")
    return found[0]


def _box(document: pymupdf.Document, field: str) -> tuple[pymupdf.Page, pymupdf.Rect]:
    for page in document:
        for widget in page.widgets():
            if widget.field_name == field:
                return page, widget.rect
    raise ValueError(field)


def _cover(document: pymupdf.Document) -> None:
    page = document[4]
    page.draw_rect(_words(page, "opdrachtgever"), color=(1, 1, 1), fill=(1, 1, 1))


def _replace(document: pymupdf.Document) -> None:
    page = document[4]
    page.add_redact_annot(_words(page, "opdrachtgever"), "niemand", fill=(1, 1, 1))
    page.apply_redactions()


def _strike(document: pymupdf.Document) -> None:
    page = document[3]
    area = _words(page, "opdrachtgever")
    middle = (area.y0 + area.y1) / 2
    page.draw_line((area.x0, middle), (area.x1, middle))


def _highlight(document: pymupdf.Document) -> None:
    document[3].add_highlight_annot(_words(document[3], "opdrachtgever"))


def _note(document: pymupdf.Document) -> None:
    document[2].add_freetext_annot(pymupdf.Rect(100, 700, 300, 740), "niet akkoord")


def _comment(document: pymupdf.Document) -> None:
    document[2].add_text_annot((500, 100), "graag wijzigen")


def _ink(document: pymupdf.Document) -> None:
    page, box = _box(document, "client-signature")
    page.add_ink_annot([[(box.x0 + 10, box.y1 - 20), (box.x0 + 60, box.y0 + 20), (box.x0 + 90, box.y1 - 15)]])


def _stamp(document: pymupdf.Document) -> None:
    page, box = _box(document, "client-signature")
    page.add_stamp_annot(box, stamp=0)


def _typed_over(document: pymupdf.Document) -> None:
    page, box = _box(document, "client-signature")
    page.add_freetext_annot(box, "A. Jansen")


def _picture(document: pymupdf.Document) -> None:
    page, box = _box(document, "client-signature")
    picture = pymupdf.Pixmap(pymupdf.csRGB, pymupdf.IRect(0, 0, 40, 20), False)
    picture.set_rect(picture.irect, (20, 20, 120))
    page.insert_image(box + (10, 10, -10, -10), pixmap=picture)


def _picture_elsewhere(document: pymupdf.Document) -> None:
    picture = pymupdf.Pixmap(pymupdf.csRGB, pymupdf.IRect(0, 0, 40, 20), False)
    document[2].insert_image(pymupdf.Rect(400, 750, 500, 800), pixmap=picture)


def _white_text(document: pymupdf.Document) -> None:
    document[5].insert_text((72, 790), "niet van toepassing", color=(0, 0, 0), fontsize=8)


def _added(document: pymupdf.Document) -> None:
    page = document.new_page()
    page.insert_text((72, 72), "Audit trail: signed with Zynyo on 2026-07-03")


def _blank(document: pymupdf.Document) -> None:
    document.new_page()


def _bake(document: pymupdf.Document) -> None:
    document.bake()


def _swap(document: pymupdf.Document) -> None:
    document.move_page(4, 7)


def _double(document: pymupdf.Document) -> None:
    document.copy_page(3)


def _behind_a_quote(document: pymupdf.Document) -> None:
    quote = pymupdf.open()
    quote.new_page().insert_text((72, 72), "Offerte 2026-014")
    document.insert_pdf(quote, start_at=0)


def _imported(source: Path, target: Path) -> None:
    """All pages in a document of its own: no attachment, no form."""
    with pymupdf.open() as document, pymupdf.open(source) as old:
        document.insert_pdf(old, annots=False, widgets=False)
        document.save(target)


def _scan(source: Path, target: Path) -> None:
    """Pictures of the pages."""
    with pymupdf.open() as document, pymupdf.open(source) as old:
        for page in old:
            picture = page.get_pixmap(dpi=60)
            document.new_page(width=page.rect.width, height=page.rect.height).insert_image(
                page.rect, pixmap=picture
            )
        document.save(target)


def _scaled(source: Path, target: Path) -> None:
    """Printed on smaller pages, as `fit to page` does."""
    with pymupdf.open() as document, pymupdf.open(source) as old:
        for number, page in enumerate(old):
            new = document.new_page(width=page.rect.width, height=page.rect.height)
            new.show_pdf_page(page.rect + (20, 28, -20, -28), old, number)
        document.save(target)


def _edited(source: Path, target: Path) -> None:
    """A page of another contract in the place of one of ours."""
    with pikepdf.open(source) as pdf:
        pdf.pages[5] = pdf.pages[6]
        pdf.save(target)


def _by_pdfium(source: Path, target: Path) -> None:
    pdf = pypdfium2.PdfDocument(source)
    new = pypdfium2.PdfDocument.new()
    new.import_pages(pdf)
    new.save(target)


def _by_pypdf_merge(source: Path, target: Path) -> None:
    writer = pypdf.PdfWriter()
    writer.append(source)
    writer.write(target)


def _byte(source: Path, target: Path) -> None:
    """One byte of a page's contents."""
    data = bytearray(source.read_bytes())
    at = data.index(b"stream", len(data) // 4) + 200
    data[at] ^= 1
    target.write_bytes(data)


def _not_ours(source: Path, target: Path) -> None:
    with pymupdf.open() as document:
        document.new_page().insert_text((72, 72), "Een andere overeenkomst")
        document.save(target)


def _half(source: Path, target: Path) -> None:
    data = source.read_bytes()
    target.write_bytes(data[: len(data) // 3])


STEPS: dict[str, Step] = {
    "qpdf rewrites": command("qpdf", "--linearize", "IN", "OUT"),
    "qpdf compresses": command("qpdf", "--object-streams=generate", "IN", "OUT"),
    "qpdf flattens": command("qpdf", "--generate-appearances", "--flatten-annotations=all", "IN", "OUT"),
    "qpdf collects pages": command("qpdf", "--empty", "--pages", "IN", "--", "OUT"),
    "qpdf drops a page": command("qpdf", "IN", "--pages", ".", "1-4,6-z", "--", "OUT"),
    "qpdf repeats a page": command("qpdf", "IN", "--pages", ".", "1-4,4-z", "--", "OUT"),
    "qpdf reverses": command("qpdf", "IN", "--pages", ".", "z-1", "--", "OUT"),
    "qpdf turns a page": command("qpdf", "--rotate=+90:3", "IN", "OUT"),
    "qpdf locks": command("qpdf", "--encrypt", "geheim", "geheim", "256", "--", "IN", "OUT"),
    "qpdf restricts": command("qpdf", "--encrypt", "", "eigenaar", "256", "--modify=none", "--", "IN", "OUT"),
    "pdftk rewrites": command("pdftk", "IN", "cat", "output", "OUT"),
    "pdftk flattens": command("pdftk", "IN", "output", "OUT", "flatten"),
    "ghostscript prints": command("gs", "-q", "-sDEVICE=pdfwrite", "-o", "OUT", "IN"),
    "cairo prints": command("pdftocairo", "-pdf", "IN", "OUT"),
    "mupdf scrubs": by_pymupdf(lambda document: None, garbage=4, deflate=True, clean=True),
    "mupdf flattens": by_pymupdf(_bake),
    "mupdf imports": _imported,
    "pdfium imports": _by_pdfium,
    "pypdf merges": _by_pypdf_merge,
    "scanned": _scan,
    "scaled": _scaled,
    "word covered": by_pymupdf(_cover),
    "word replaced": by_pymupdf(_replace),
    "word struck": by_pymupdf(_strike),
    "highlighted": by_pymupdf(_highlight),
    "note over a page": by_pymupdf(_note),
    "comment": by_pymupdf(_comment),
    "ink in the box": by_pymupdf(_ink),
    "stamp in the box": by_pymupdf(_stamp),
    "typed in the box": by_pymupdf(_typed_over),
    "picture in the box": by_pymupdf(_picture),
    "picture elsewhere": by_pymupdf(_picture_elsewhere),
    "words added": by_pymupdf(_white_text),
    "platform page": by_pymupdf(_added),
    "blank page": by_pymupdf(_blank),
    "page moved": by_pymupdf(_swap),
    "page doubled": by_pymupdf(_double),
    "behind a quote": by_pymupdf(_behind_a_quote),
    "page swapped": _edited,
    "byte changed": _byte,
    "not ours": _not_ours,
    "cut off": _half,
}


def problems(home: Home, case: dict, folder: Path) -> list[str]:
    """Where `receive` says something else than the table."""
    steps = home.steps()
    pdf = home.certified if case.get("from") == "certified" else home.made
    for count, step in enumerate(case["steps"], 1):
        target = folder / f"{count}.pdf"
        steps[step](pdf, target)
        pdf = target
    said, code = home.received(pdf)
    found = []
    for key in ("agreement", "identified-by", "bytes"):
        if key in case and said.get(key) != case[key]:
            found.append(f"{key} is {said.get(key)}, expected {case[key]}: {said.get('to-judge')}")
    states = sorted({page["state"] for page in said.get("pages", [])} - {"same"})
    if states != case.get("pages", []):
        differences = [page for page in said.get("pages", []) if page["state"] != "same"]
        found.append(f"pages are {states}, expected {case.get('pages', [])}: {differences}")
    for word in case.get("says", []):
        if word not in json.dumps(said, ensure_ascii=False):
            found.append(f"it does not say `{word}`: {said.get('to-judge')} {said.get('pages')}")
    if not case.get("agreed", False) and said.get("agreement") == "in-force":
        found.append("it counts as agreed")
    must_fail = said.get("agreement") in ("changed", "unknown", "unreadable")
    if bool(code) != must_fail:
        found.append(f"the exit code is {code}")
    return found


KEYS = HERE.parent.parent / "fixtures/keys"
KINDS = ("rsa", "rsa-4096", "p-256", "p-384", "p-521", "ed25519", "legacy")


def own_signature(home: Home, java: Java, kind: str, folder: Path) -> list[str]:
    """What DSS has against our own signature by a key of this kind: it must be PAdES baseline B, and pass."""
    key, anchor = KEYS / f"{kind}.p12", folder / f"{kind}.pem"
    _, certificate, _ = pkcs12.load_key_and_certificates(key.read_bytes(), b"geheim")
    anchor.write_bytes(certificate.public_bytes(Encoding.PEM))
    pdf = folder / f"{kind}.pdf"
    done = home.do("sign", home.made, "--key", key, "--passphrase-env", "WORD", "-o", pdf, word="geheim")
    if done.returncode:
        return [done.stderr]
    # The cryptographic policy of DSS lists no Ed25519.
    verdict = "INDETERMINATE CRYPTO_CONSTRAINTS_FAILURE_NO_POE" if kind == "ed25519" else "TOTAL_PASSED null"
    expected = f"processor-signature|PAdES-BASELINE-B|{verdict}"
    return [said for said in java.do("dss-level", pdf, anchor) if said != expected]


def judged(report: Report, tools: Path, program: Path, folder: Path) -> None:
    """Every row of the table."""
    report.section("copies that come back")
    authority, java = signing.Authority(), Java(tools)
    try:
        keys = folder / "returned-keys"
        programs = Programs(tools, java, authority, keys)
        home = Home(folder / "home", program, programs, keys)
        cases = tomllib.loads(TABLE.read_text("utf-8"))["case"]
        for count, case in enumerate(cases, 1):
            place = folder / f"returned-{count}"
            place.mkdir()
            name = f"{case.get('from', 'made')}, {', '.join(case['steps'])}"
            try:
                report.holds(name, problems(home, case, place))
            except (ValueError, OSError, RuntimeError, pikepdf.PdfError) as problem:
                report.holds(name, [f"{type(problem).__name__}: {problem}"])
        print(f"{len(cases)} copies came back")
        report.section("our own signature")
        for kind in KINDS:
            report.holds(f"{kind} by DSS", own_signature(home, java, kind, folder))
    finally:
        java.close()


def main() -> int:
    """The table alone."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tools", type=Path)
    parser.add_argument("program", type=Path)
    parser.add_argument("--keep", type=Path)
    arguments = parser.parse_args()
    report = Report()
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.keep or Path(temporary)
        judged(report, arguments.tools.absolute(), arguments.program.absolute(), folder.absolute())
    return report.finish()


if __name__ == "__main__":
    sys.exit(main())
