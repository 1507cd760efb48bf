"""Programs that people fill in, sign and validate with: pdf.js, pdf-lib, PDFium, PDFBox, pdftk, the Commission's DSS.

What `dpa-gen show` must say of what they made is in foreign/expected.toml.
"""

import ctypes
import json
import re
import subprocess
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pypdfium2
import pypdfium2.raw as pdfium

import signing
from commands import qpdf_problems, run
from documents import Document
from filling import LETTERS, NOT_EMBEDDED, WIN_ANSI, Values, Way
from signing import Authority

if TYPE_CHECKING:
    from judge import Suite

HERE = Path(__file__).parent / "foreign"
VALUES = {"client-name": "Zoë Ångström (jg)", "client-place": "Den Haag"}
EXPECTED = HERE / "expected.toml"
# The letters whose glyphs the Adobe Glyph List names, and those that it gives one name.
LISTED = "".join(letter for letter in LETTERS if letter not in "Țț")
LISTED_ONCE = "".join(letter for letter in LISTED if letter not in "ŻżŐőŰűİģķļņĖė")


class Java:
    """The process that runs the Java libraries: a job a line."""

    def __init__(self, tools: Path) -> None:
        classes = f"{tools / 'foreign/classes'}:{tools / 'foreign/jars'}/*"
        command = ["java", "-XX:+UseSerialGC", "-cp", classes, "Foreign"]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, encoding="utf-8")

    def do(self, *job: str | Path) -> list[str]:
        """Runs a job; returns the parts of its answer."""
        print(*job, sep="\t", file=self._process.stdin, flush=True)
        outcome, *answer = self._process.stdout.readline().rstrip("\n").split("\t")
        if outcome != "ok":
            raise ValueError(f"{job[0]} {job[1]}: {answer}")
        return answer

    def close(self) -> None:
        """Ends the process."""
        self._process.stdin.close()
        self._process.wait()


class Programs:
    """What each program is called by, and what it does."""

    def __init__(self, tools: Path, java: Java, authority: Authority, folder: Path) -> None:
        self._tools, self._java, self._folder = tools / "foreign", java, folder
        self._authority = authority
        folder.mkdir()
        authority.save(folder)

    def ways(self) -> dict[str, Way]:
        """Ways of filling in, and what each breaks by itself."""
        return {
            "pdf.js": Way(self._script("pdf.js")),
            # In a Helvetica that is not embedded; and without the mark by which a viewer finds the text again.
            "pdf-lib": Way(self._script("pdf-lib"), NOT_EMBEDDED, keeps=("attachment",), letters=WIN_ANSI),
            # The same for the letters that it does not find in the form's font.
            "pdfium": Way(by_pdfium, breaks=NOT_EMBEDDED, keeps=("attachment",)),
            # PDFBox counts the objects of its file wrongly.
            "pdfbox": Way(self._java_fill("pdfbox-fill"), warning="reported number of objects", letters=LISTED_ONCE),
            "pdfbox-appended": Way(self._java_fill("pdfbox-fill-appended"), letters=LISTED_ONCE),
            "pdftk": Way(by_pdftk, keeps=("attachment",), letters=LISTED),
        }

    def _script(self, program: str) -> Callable[[Path, Values, Path], None]:
        def fill(source: Path, values: Values, target: Path) -> None:
            script = ("node", HERE / "fill.mjs", self._tools, program)
            _succeed(*script, source, target, json.dumps(values))

        return fill

    def _java_fill(self, job: str) -> Callable[[Path, Values, Path], None]:
        def fill(source: Path, values: Values, target: Path) -> None:
            self._java.do(job, source, target, *(f"{id}={value}" for id, value in values.items()))

        return fill

    def sign(self, program: str, source: Path, field: str, certifies: bool, target: Path) -> None:
        """Signs in a field that is there; a certification permits filling in and signing after it."""
        who = field.removesuffix("-signature")
        if program == "pyhanko":
            way = signing.certify if certifies else signing.sign
            way(source, field, getattr(self._authority, who), target)
            return
        permission = "2" if certifies else "0"
        self._java.do(f"{program}-sign", source, target, self._folder / f"{who}.p12", field, permission)

    def change(self, source: Path, how: str, target: Path) -> None:
        """Appends what nobody signed."""
        self._java.do("pdfbox-change", source, target, how)

    def validate(self, pdf: Path) -> dict[str, str]:
        """What DSS says of each signature: `intact`, `changed` after signing, or `broken`."""
        verdicts = {}
        for answer in self._java.do("dss-validate", pdf, self._folder / "authority.pem"):
            field, intact, verified, changes = answer.split("|")
            sound = intact == verified == "true"
            verdicts[field] = "broken" if not sound else "intact" if changes == "0" else "changed"
        return verdicts


def _succeed(*command: str | Path) -> None:
    done = run(*command)
    if done.returncode != 0:
        raise ValueError(f"{command[0]}: {done.stderr or done.stdout}")


def by_pdftk(source: Path, values: Values, target: Path) -> None:
    """Writes the file again."""

    def text(value: str) -> str:
        return f"<{value.encode('utf-16-be').hex()}>".replace("<", "<feff", 1)

    fields = "".join(f"<</T {text(id)}/V {text(value)}>>" for id, value in values.items())
    form = target.with_suffix(".fdf")
    form.write_text(
        f"%FDF-1.2\n1 0 obj<</FDF<</Fields[{fields}]>>>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n", "ascii"
    )
    _succeed("pdftk", source, "fill_form", form, "output", target)


def by_pdfium(source: Path, values: Values, target: Path) -> None:
    """Types into each field, as Chromium's viewer does, and writes the file again."""
    pdf = pypdfium2.PdfDocument(source)
    pdf.init_forms()
    form = pdf.formenv
    for page in pdf:
        for field, x, y in list(_pdfium_texts(form, page)):
            if field in values:
                pdfium.FORM_OnMouseMove(form, page, 0, x, y)
                pdfium.FORM_OnLButtonDown(form, page, 0, x, y)
                pdfium.FORM_OnLButtonUp(form, page, 0, x, y)
                pdfium.FORM_SelectAllText(form, page)
                typed = ctypes.create_string_buffer(f"{values[field]}\0".encode("utf-16-le"))
                characters = ctypes.cast(typed, ctypes.POINTER(pdfium.FPDF_WCHAR))
                pdfium.FORM_ReplaceSelection(form, page, characters)
        pdfium.FORM_ForceToKillFocus(form)
    pdf.save(target)


def _pdfium_texts(form: object, page: pypdfium2.PdfPage) -> Iterator[tuple[str, float, float]]:
    """Each text field of a page, and its middle."""
    for index in range(pdfium.FPDFPage_GetAnnotCount(page)):
        widget = pdfium.FPDFPage_GetAnnot(page, index)
        if pdfium.FPDFAnnot_GetFormFieldType(form, widget) == pdfium.FPDF_FORMFIELD_TEXTFIELD:
            size = pdfium.FPDFAnnot_GetFormFieldName(form, widget, None, 0)
            name = ctypes.create_string_buffer(size)
            characters = ctypes.cast(name, ctypes.POINTER(pdfium.FPDF_WCHAR))
            pdfium.FPDFAnnot_GetFormFieldName(form, widget, characters, size)
            place = pdfium.FS_RECTF()
            pdfium.FPDFAnnot_GetRect(widget, ctypes.byref(place))
            middle = ((place.left + place.right) / 2, (place.top + place.bottom) / 2)
            yield name.raw[:-2].decode("utf-16-le"), *middle
        pdfium.FPDFPage_CloseAnnot(widget)


@dataclass(frozen=True)
class Case:
    """What was done to a document, one step after another, and what must be said of it."""

    steps: tuple[str, ...]
    original: dict
    # By signature field: `integrity`, `changes-after` and `permitted`, and the words of DSS and of pyHanko.
    signatures: dict[str, dict]

    @property
    def name(self) -> str:
        """The steps, in words."""
        return ", ".join(self.steps)


def cases() -> list[Case]:
    """The rows of the table."""
    rows = tomllib.loads(EXPECTED.read_text("utf-8"))["case"]
    return [Case(tuple(row["steps"]), row["original"], row["signatures"]) for row in rows]


def make(programs: Programs, document: Document, values: Values, case: Case, folder: Path) -> Path:
    """Does the steps of a case; returns the last file."""
    ways = programs.ways()
    pdf = document.pdf
    for count, step in enumerate(case.steps, 1):
        program, verb, what = step.split(" ", 2)
        target = folder / f"{count}.pdf"
        match verb:
            case "certifies" | "signs":
                programs.sign(program, pdf, what, verb == "certifies", target)
            case "fills":
                party = {id: value for id, value in values.items() if id.startswith(what)}
                ways[program].fill(pdf, party, target)
            case "changes":
                programs.change(pdf, what, target)
            case "forges":
                forge(pdf, what, target)
        pdf = target
    return pdf


def forge(source: Path, signer: str, target: Path) -> None:
    """Replaces the end of the last signature's value: nobody signed this."""
    data = bytearray(source.read_bytes())
    *_, last = re.finditer(rb"/Contents *<([0-9A-Fa-f]+?)(?:00)*>", data)
    end = last.end(1) - (last.end(1) - last.start(1)) % 2
    data[end - 40 : end - 20] = b"00" * 10
    target.write_bytes(data)


def judged(suite: "Suite") -> None:
    """Every form filled in by every program, then the table of what is signed and changed."""
    suite.report.section("foreign programs")
    authority, java = Authority(), Java(suite.tools)
    try:
        programs = Programs(suite.tools, java, authority, suite.folder / "keys")
        for name, way in programs.ways().items():
            for document in suite.varied:
                suite.fill_in(document, name, way)
                suite.shows(document, name, way)
        for count, case in enumerate(cases(), 1):
            folder = suite.folder / f"foreign-{count}"
            folder.mkdir()
            pdf = make(programs, suite.smallest, VALUES, case, folder)
            found = problems(programs, suite.program, authority, case, pdf)
            suite.report.holds(case.name, found)
    finally:
        java.close()


def problems(programs: Programs, program: Path, authority: Authority, case: Case, pdf: Path) -> Iterator[str]:
    """Where DSS, pyHanko or `show` differ from the table."""
    yield from qpdf_problems(pdf, "reported number of objects")
    dss = programs.validate(pdf)
    pyhanko = {}
    if any("pyhanko" in words for words in case.signatures.values()):
        verdicts = authority.verdicts(pdf.read_bytes())
        pyhanko = {field: _word(verdict) for field, verdict in verdicts.items()}
    done = run(program, "show", "--json", pdf)
    if done.returncode != 0:
        yield f"show ends with {done.returncode}: {done.stdout}"
        return
    [shown] = json.loads(done.stdout)["results"]
    found = {"state": shown["original"]["state"]} | _kinds("changes", shown["original"])
    if found != case.original:
        yield f"show says of the document {found}, expected {case.original}"
    signatures = {signature["field"]: signature for signature in shown["signatures"] if signature["signed"]}
    if set(signatures) != set(case.signatures):
        yield f"show sees the signatures {sorted(signatures)}, expected {sorted(case.signatures)}"
        return
    for field, expected in case.signatures.items():
        signature = signatures[field]
        found = {key: signature[key] for key in ("integrity", "permitted") if signature[key] is not None}
        found |= _kinds("changes-after", signature)
        found |= {name: said[field] for name, said in (("dss", dss), ("pyhanko", pyhanko)) if field in said}
        for key in sorted(expected.keys() | found.keys()):
            if found.get(key) != expected.get(key):
                yield f"{field}: {key} is {found.get(key)}, expected {expected.get(key)} ({signature['why']})"


def _kinds(key: str, owner: dict) -> dict[str, list[str]]:
    """The kinds of a list of changes; nothing if they could not be compared."""
    changes = owner[key]
    return {} if changes is None else {key: sorted({change["kind"] for change in changes})}


def _word(verdict: signing.Verdict) -> str:
    """pyHanko's verdict as a word: a value that nobody signed has the right digest, and is not valid."""
    if verdict.valid:
        return "intact"
    return "changed" if verdict.intact and verdict.changes != "NONE" else "broken"
