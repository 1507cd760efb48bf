"""The papers that show changes, a redline and the memo, and whether they say in words what they strike."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from commands import qpdf_problems, run
from documents import ROOT

if TYPE_CHECKING:
    from judge import Suite

# What changes in the new text: part of a file, and what takes its place.
EDITS = [
    ("clauses/contract.toml", "2026-06-12", "2026-07-01"),
    ("clauses/contract.toml", "breach-hours = 24", "breach-hours = 36"),
    ("clauses/contract.toml", '"chat", "liability"]', '"liability", "chat"]'),
    ("clauses/articles/chat.typ", '"Chat"', '"Chat en modellen"'),
    ("clauses/articles/security.typ", "- tijdige", "- een firewall;\n- tijdige"),
    ("clauses/articles/security.typ", "- versleutelde verbindingen;\n", ""),
    ("acme.toml", '["website", "chat"]', '["shop", "chat"]'),
    ("acme.toml", "Dorpsstraat 1", "Stationsplein 2"),
]

# Each mark in words, and the decoration of the text after it.
MARKS = {"LineThrough": "[vervallen: ", "Underline": "[nieuw: "}


def judged(suite: "Suite") -> None:
    """Makes the paper of every kind of change and the memo of the base text, and judges them."""
    suite.report.section("redlines")
    pdf = make(suite.program, suite.folder / "redline")
    suite.report.holds("redline: qpdf", qpdf_problems(pdf))
    suite.report.holds("redline: marks in words", unmarked(pdf))
    suite.verapdf.passes("redline", pdf)
    for layout in ("standard", "compact"):
        what = f"memo, {layout}"
        pdf = memo(suite.program, suite.folder / f"memo-{layout}", layout)
        suite.report.holds(f"{what}: qpdf", qpdf_problems(pdf))
        suite.report.holds(f"{what}: marks in words", unmarked(pdf))
        suite.verapdf.passes(what, pdf)


def make(program: Path, folder: Path) -> Path:
    """Makes the paper into the folder."""
    for side in ("old", "new"):
        shutil.copytree(ROOT / "fixtures/redline/base", folder / side)
    for file, part, by in EDITS:
        path = folder / "new" / file
        text = path.read_text("utf-8")
        if text.count(part) != 1:
            raise ValueError(f"{file} no longer says `{part}` once")
        path.write_text(text.replace(part, by), "utf-8")
    pdf = folder / "changes.pdf"
    done = run(
        program, "redline", folder / "old/acme.toml", folder / "new/acme.toml", "--output", pdf, "--json"
    )
    if done.returncode != 0:
        raise ValueError(f"dpa-gen redline: {json.loads(done.stdout)['problems']}")
    return pdf


def memo(program: Path, folder: Path, layout: str) -> Path:
    """Makes the memo of the base text into the folder."""
    pdf = folder / "memo.pdf"
    done = run(program, "review", "--embedded", "--layout", layout, "--output", pdf, "--json")
    if done.returncode != 0:
        raise ValueError(f"dpa-gen review: {json.loads(done.stdout)['problems']}")
    return pdf


def unmarked(pdf: Path) -> Iterator[str]:
    """The decorated texts that a screen reader reads out without saying what became of them."""
    # Not by `poppler`, which takes its warnings for errors: it does not know the border colours of tables.
    lines = [line.strip() for line in run("pdfinfo", "-struct-text", pdf).stdout.splitlines()]
    seen = set()
    for at, line in enumerate(lines):
        match = re.fullmatch(r"/TextDecorationType /(\w+)", line)
        if match is None:
            continue
        kind = match.group(1)
        before = next((text for text in reversed(lines[:at]) if text.startswith('"')), "")
        if not before.removesuffix('"').endswith(MARKS[kind]):
            yield f"`{lines[at + 1]}` is {kind} after {before}"
        seen.add(kind)
    yield from (f"nothing is {kind}" for kind in MARKS.keys() - seen)
