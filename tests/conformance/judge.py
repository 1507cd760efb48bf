"""Judges the PDFs that dpa-gen makes, by tools that are not ours: made, filled in, signed, and broken.

Usage: judge.py TOOLS [--keep DIR]; TOOLS is the folder that tools.sh filled. With --keep the documents and
the pictures of their pages stay in DIR; without, they stay only if something failed.
"""

import argparse
import re
import shutil
import sys
import tempfile
from pathlib import Path

import checks
import controls
import documents
import foreign
import pictures
import redlines
import returning
import sending
import showing
import signing
from commands import qpdf_problems
from documents import Document
from filling import LETTERS, WAYS, Way, by_pypdf, values_kept
from report import Report
from signing import FILLED_IN_AFTER, WHOLE, Authority, Verdict, differ
from verapdf import Verapdf

CHECKS = {
    "fields": checks.fields,
    "structure": checks.structure,
    "catalog": checks.catalog,
    "attachment": checks.attachment,
    "poppler_agrees": checks.poppler_agrees,
    "text": checks.text,
}

# Tall and deep letters, an accent on a capital, and a bracket that PDF syntax knows too.
SAMPLE = "Zoë Ångström (jg)"


class Suite:
    """The documents, and who judges them."""

    def __init__(self, tools: Path, folder: Path) -> None:
        self.tools, self.folder = tools, folder
        self.report = Report()
        self.verapdf = Verapdf(tools / "verapdf")
        self.report.section("made")
        self.program = documents.build()
        self.documents = documents.make_all(self.program, folder / "made")
        self.forms = [document for document in self.documents if document.fields]
        self.smallest = self.named("smallest")
        # What every program does with a form shows on these: the most fields, and fields in margins.
        self.varied = [self.smallest, self.named("own-layout")]

    def run(self) -> int:
        """Judges everything; returns the exit code."""
        self.made()
        self.filled_in()
        self.pictures()
        self.signed()
        foreign.judged(self)
        sending.attached(self)
        sending.mailed(self)
        sending.notified(self)
        redlines.judged(self)
        returning.judged(self.report, self.tools, self.program, self.folder)
        self.controls()
        self.report.section("veraPDF")
        self.verapdf.judge(self.report)
        files = len(self.verapdf.expected)
        print(f"veraPDF made {self.verapdf.checks} checks on {files} files")
        return self.report.finish()

    def made(self) -> None:
        """Every document as it was made."""
        known = {"client-name", "client-role"} & set(self.named("acme").fields)
        self.report.holds("acme: its signatory is known", sorted(known))
        for document in self.documents:
            for name, check in CHECKS.items():
                self.report.holds(f"{document.name}: {name}", check(document, document.pdf))
            self.report.holds(f"{document.name}: qpdf", qpdf_problems(document.pdf))
            self.report.holds(f"{document.name}: ends with a line end", _open_end(document.pdf))
            shown = showing.problems(self.program, document, document.pdf, "untouched")
            self.report.holds(f"{document.name}: show", shown)
            self.verapdf.passes(document.name, document.pdf)

    def filled_in(self) -> None:
        """Every form, filled in with every letter that there is, in every way."""
        self.report.section("filled in")
        for document in self.forms:
            for name, way in WAYS.items():
                if not way.breaks or document in self.varied:
                    self.fill_in(document, name, way)

        document = self.named("own-layout")
        ticked = self.path("ticked", document)
        by_pypdf(document.pdf, {"agreed": "/Yes"}, ticked)
        self.report.holds("own-layout, ticked: values", values_kept(ticked, {"agreed": "/Yes"}))
        self.report.holds("own-layout, ticked: fields", checks.fields(document, ticked))
        self.verapdf.passes("own-layout, ticked", ticked)

    def fill_in(self, document: Document, name: str, way: Way) -> None:
        """A form, filled in with every letter that there is."""
        values = dict.fromkeys(document.text_fields(), way.letters)
        filled = self.path(name, document)
        what = f"{document.name}, filled in by {name}"
        way.fill(document.pdf, values, filled)
        self.report.holds(f"{what}: values", values_kept(filled, values))
        self.report.holds(f"{what}: qpdf", qpdf_problems(filled, way.warning))
        for check in way.keeps:
            self.report.holds(f"{what}: {check}", CHECKS[check](document, filled))
        appended = filled.read_bytes().startswith(document.pdf.read_bytes())
        state = "extended" if appended else "rewritten"
        shown = showing.problems(self.program, document, filled, state, values)
        self.report.holds(f"{what}: show", shown)
        self.verapdf.breaks(what, filled, set(way.breaks))

    def pictures(self) -> None:
        """What is filled in shows on the page, whoever fills in and whoever draws."""
        self.report.section("pictures")
        (self.folder / "pictures").mkdir()
        for document in self.forms:
            for name in WAYS if document in self.varied else ("pypdf", "pymupdf"):
                self.shows(document, name, WAYS[name])
        document = self.smallest
        nothing = pictures.shows(document.pdf, document.pdf, document.text_fields(), self.folder / "pictures")
        self.report.catches("control, nothing filled in", nothing, "nothing shows in client-name")
        filled = self.path("sample-too-long", document)
        by_pypdf(document.pdf, {"client-name": LETTERS}, filled)
        clipped = pictures.shows(document.pdf, filled, ["client-name"], self.folder / "pictures")
        self.report.catches("control, too long a name", clipped, "is clipped")
        not_printed = showing.not_printed(self.program, filled, ["client-name"])
        self.report.catches("control, too long a name: show", not_printed, "show says False of client-name")

    def shows(self, document: Document, name: str, way: Way) -> None:
        """A form that is filled in shows it."""
        sample = "".join(letter for letter in SAMPLE if letter in way.letters)
        # Initials are short; those of two pages are enough.
        initials = {"initials-1": sample[:8], "initials-2": sample[:8]}
        values = {
            id: initials.get(id, sample)
            for id in document.text_fields()
            if id in initials or not id.startswith("initials-")
        }
        filled = self.path(f"sample-{name}", document)
        way.fill(document.pdf, values, filled)
        folder = self.folder / "pictures"
        shows = pictures.shows(document.pdf, filled, list(values), folder, way.fills_height)
        self.report.holds(f"{document.name}, filled in by {name}: shows", shows)
        not_printed = showing.not_printed(self.program, filled, list(values))
        self.report.holds(f"{document.name}, filled in by {name}: printed, says show", not_printed)

    def signed(self) -> None:
        """Both orders of signing, and what must not pass after it."""
        self.report.section("signed")
        authority = Authority()
        for document in self.forms:
            # These two append what is filled in, and nothing that a signature forbids.
            for name in ("pyhanko", "mupdf") if document in self.varied else ("pyhanko",):
                self._certified_first(document, authority, name)
                self._client_first(document, authority, name)
            if "client-2-signature" in document.fields:
                self._together(document, authority)

    def _together(self, document: Document, authority: Authority) -> None:
        """All who sign for the client do so one after the other, then the processor does."""
        what = f"{document.name}, filled in, signed by all"
        values = dict.fromkeys(document.text_fields(), SAMPLE)
        step = self.path("filled-by-all", document)
        WAYS["pyhanko"].fill(document.pdf, values, step)
        fields = [id for id, kind in document.fields.items() if kind == "signature"]
        expected: dict[str, Verdict] = {}
        for number, field in enumerate(fields):
            signer = authority.processor if field.startswith("processor") else authority.client
            signed = self.path(f"signed-by-{number + 1}", document)
            signing.sign(step, field, signer, signed)
            expected = dict.fromkeys(expected, FILLED_IN_AFTER) | {field: WHOLE}
            self.report.holds(f"{what}: {field}", differ(authority, signed, expected))
            step = signed
        self.report.holds(f"{what}: qpdf", qpdf_problems(step))
        self.report.holds(f"{what}: values", values_kept(step, values))
        self.verapdf.breaks(what, step, set(WAYS["pyhanko"].breaks))

    def _certified_first(self, document: Document, authority: Authority, name: str) -> None:
        """The processor certifies, the client fills in and signs."""
        what = f"{document.name}, certified, filled in by {name}, signed"
        values = {id: SAMPLE for id in document.text_fields() if id.startswith("client-")}
        certified = self.path(f"certified-{name}", document)
        signing.certify(document.pdf, "processor-signature", authority.processor, certified)
        self.report.holds(f"{what}: certified", differ(authority, certified, {"processor-signature": WHOLE}))
        filled = self.path(f"certified-filled-{name}", document)
        WAYS[name].fill(certified, values, filled)
        self.report.holds(
            f"{what}: filled in", differ(authority, filled, {"processor-signature": FILLED_IN_AFTER})
        )
        signed = self.path(f"certified-signed-{name}", document)
        signing.sign(filled, "client-signature", authority.client, signed)
        expected = {"processor-signature": FILLED_IN_AFTER, "client-signature": WHOLE}
        self._judge_signed(what, document, authority, signed, values, expected)
        for step in (certified, filled):
            self.report.holds(f"{what}: qpdf after {step.parent.name}", qpdf_problems(step))
        self.verapdf.breaks(what, signed, set(WAYS[name].breaks))

        # A letter of what the client filled in: the processor signed before that.
        changed = self.path(f"certified-changed-{name}", document)
        _change_byte(signed, rb".(?=\) Tj)", changed, after=certified.stat().st_size)
        verdicts = authority.verdicts(changed.read_bytes())
        self.report.catches(
            f"control, {what}: changed", _not_intact(verdicts), "client-signature is not intact"
        )
        if verdicts["processor-signature"].intact is not True:
            self.report.holds(f"{what}: changed", ["the processor's own bytes did not change"])
        said = {"client-signature": "broken", "processor-signature": "intact"}
        self._show_changed(what, document, changed, said)

    def _client_first(self, document: Document, authority: Authority, name: str) -> None:
        """The client fills in and signs, the processor does so after that."""
        what = f"{document.name}, filled in by {name}, signed, signed"
        values = {id: SAMPLE for id in document.text_fields() if id.startswith("client-")}
        filled = self.path(f"filled-{name}", document)
        WAYS[name].fill(document.pdf, values, filled)
        signed = self.path(f"client-signed-{name}", document)
        signing.sign(filled, "client-signature", authority.client, signed)
        self.report.holds(f"{what}: signed", differ(authority, signed, {"client-signature": WHOLE}))
        own = {id: SAMPLE for id in document.text_fields() if id.startswith("processor-")}
        second = self.path(f"client-signed-filled-{name}", document)
        WAYS[name].fill(signed, own, second)
        both = self.path(f"both-signed-{name}", document)
        signing.sign(second, "processor-signature", authority.processor, both)
        expected = {"client-signature": FILLED_IN_AFTER, "processor-signature": WHOLE}
        self._judge_signed(what, document, authority, both, values | own, expected)
        for step in (filled, signed, second):
            self.report.holds(f"{what}: qpdf after {step.parent.name}", qpdf_problems(step))
        self.verapdf.breaks(what, both, set(WAYS[name].breaks))

        # A letter of the document itself: both signed that.
        changed = self.path(f"both-changed-{name}", document)
        _change_byte(both, rb"/TU ?\(.", changed)
        broken = list(_not_intact(authority.verdicts(changed.read_bytes())))
        self.report.catches(f"control, {what}: changed", broken, "client-signature is not intact")
        self.report.catches(f"control, {what}: changed", broken, "processor-signature is not intact")
        pdfsig = signing.pdfsig_problems(changed, {})
        self.report.catches(f"control, {what}: pdfsig", pdfsig, "Digest Mismatch")
        self._show_changed(what, document, changed, dict.fromkeys(expected, "broken"))

        turned = signing.turn_page(both)
        verdicts = authority.verdicts(turned)
        allowed = [f"{field} allows a turned page" for field, verdict in verdicts.items() if verdict.valid]
        self.report.holds(f"control, {what}: page turned", allowed)

    def _judge_signed(self, what, document, authority, pdf, values, expected) -> None:
        names = {"client-signature": "Zoë Opdrachtgever", "processor-signature": "Ravi Verwerker"}
        self.report.holds(f"{what}: pyHanko", differ(authority, pdf, expected))
        self.report.holds(f"{what}: pdfsig", signing.pdfsig_problems(pdf, names))
        self.report.holds(f"{what}: qpdf", qpdf_problems(pdf))
        self.report.holds(f"{what}: values", values_kept(pdf, values))
        self.report.holds(f"{what}: attachment", checks.attachment(document, pdf))
        signed = {field: (name, "intact") for field, name in names.items()}
        shown = showing.problems(self.program, document, pdf, "extended", values, signed)
        self.report.holds(f"{what}: show", shown)

    def _show_changed(self, what: str, document: Document, pdf: Path, states: dict[str, str]) -> None:
        """That `show` says of each signature whether it is intact."""
        said = list(showing.problems(self.program, document, pdf, "any"))
        for field, state in states.items():
            found = [
                line for line in said if line.startswith(f"show says of {field} ") and f"'{state}')" in line
            ]
            self.report.holds(f"control, {what}: show of {field}", [] if found else [f"not {state}: {said}"])

    def controls(self) -> None:
        """The smallest document, broken in one place after another."""
        self.report.section("controls")
        document = self.smallest
        for control in controls.CONTROLS:
            broken = self.folder / "controls" / f"{control.name.replace(' ', '-')}.pdf"
            broken.parent.mkdir(exist_ok=True)
            controls.damage(control, document.pdf, broken)
            what = f"control, {control.name}"
            if control.check:
                problems = CHECKS[control.check](document, broken)
                self.report.catches(f"{what}: {control.check}", problems, control.says)
            self.verapdf.breaks(what, broken, set(control.rules))
        values = {"client-name": SAMPLE}
        kept = values_kept(document.pdf, values)
        self.report.catches("control, nothing filled in: values", kept, "pypdf reads client-name as")
        self.report.catches("control, nothing filled in: values", kept, "pikepdf reads client-name as")
        shown = list(showing.problems(self.program, document, document.pdf, "extended", values))
        self.report.catches(
            "control, nothing filled in: show", shown, "show says that the document is untouched"
        )
        self.report.catches("control, nothing filled in: show", shown, "show reads client-name as None")
        cut = self.folder / "controls" / "cut.pdf"
        cut.write_bytes(document.pdf.read_bytes()[:-2000])
        self.report.catches("control, cut off: qpdf", qpdf_problems(cut), "WARNING")

    def named(self, name: str) -> Document:
        """The document of this name."""
        return next(document for document in self.documents if document.name == name)

    def path(self, step: str, document: Document) -> Path:
        """Where a document is after a step."""
        folder = self.folder / step
        folder.mkdir(exist_ok=True)
        return folder / document.pdf.name


def _open_end(pdf: Path) -> list[str]:
    """What is appended must not run into the last line: pypdf and pyHanko begin with their first object."""
    return [] if pdf.read_bytes().endswith(b"%%EOF\n") else ["the last line has no end"]


def _not_intact(verdicts: dict[str, signing.Verdict]) -> list[str]:
    return [
        f"{field} is not intact"
        for field, verdict in verdicts.items()
        if not (verdict.intact or verdict.valid)
    ]


def _change_byte(source: Path, pattern: bytes, target: Path, after: int = 0) -> None:
    """Changes the last byte of the first match."""
    data = bytearray(source.read_bytes())
    match = re.compile(pattern).search(data, after)
    if match is None:
        raise ValueError(f"{source} has no {pattern}")
    data[match.end() - 1] ^= 1
    target.write_bytes(data)


def main() -> int:
    """Reads the arguments and keeps or removes what was made."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tools", type=Path)
    parser.add_argument("--keep", type=Path, metavar="DIR")
    arguments = parser.parse_args()
    if arguments.keep:
        arguments.keep.mkdir(parents=True)
    folder = arguments.keep or Path(tempfile.mkdtemp(prefix="dpa-gen-conformance-"))
    failed = 1
    try:
        failed = Suite(arguments.tools, folder.resolve()).run()
    finally:
        if failed:
            print(f"what was judged is in {folder}", file=sys.stderr)
        elif not arguments.keep:
            shutil.rmtree(folder)
    return failed


if __name__ == "__main__":
    sys.exit(main())
