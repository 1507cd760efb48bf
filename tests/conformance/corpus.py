"""Adds a contract to quotes as odd as programs make them, and compares their pages before and after.

Usage: corpus.py TOOLS [--keep DIR] [--only NAME]; TOOLS is the folder that tools.sh filled. Each run of the
program is held to a limit of time and of memory, and each page is compared as poppler draws it.
"""

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import documents
from commands import qpdf_problems, run
from makers import programs, structures
from makers.base import MAKERS, Maker, Workshop, plain
from report import Report

assert programs and structures  # They fill MAKERS.

# Limits of each run: seconds of processor time, of time, and bytes of address space.
PROCESSOR, TIME, MEMORY = 60, 180, 4 * 1024**3

# How many pages are drawn, and how finely: enough to see any difference.
PAGES, RESOLUTION = 12, 40

FEWEST = 40


def main() -> int:
    """Makes the quotes and judges each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tools", type=Path)
    parser.add_argument("--keep", type=Path, metavar="DIR")
    parser.add_argument("--only", metavar="NAME")
    arguments = parser.parse_args()
    folder = arguments.keep or Path(tempfile.mkdtemp(prefix="dpa-gen-corpus-"))
    folder.mkdir(exist_ok=True)
    failed = 1
    try:
        failed = judge(arguments.tools.resolve(), folder.resolve(), arguments.only)
    finally:
        if failed:
            print(f"the quotes are in {folder}", file=sys.stderr)
        elif not arguments.keep:
            shutil.rmtree(folder)
    return failed


def judge(tools: Path, folder: Path, only: str | None) -> int:
    """All quotes, or those with a name in their name."""
    report = Report()
    report.section("quotes made")
    program = documents.build()
    shop = Workshop(tools, folder, folder / "plain.pdf")
    plain().save(shop.plain)
    makers = [maker for maker in MAKERS if not only or only in maker.name]
    for maker in makers:
        maker.make(shop, shop.path(maker.name))
    report.holds("there are enough quotes", [] if only or len(makers) >= FEWEST else [f"only {len(makers)}"])
    report.section("contracts added")
    client = folder / "acme.toml"
    client.write_text('services = ["website"]\n[client]\nname = "Acme B.V."\n[agreement]\nquote = "2026-041"\n')
    with ThreadPoolExecutor(2) as pool:
        judged = pool.map(lambda maker: list(problems(program, shop, maker, client)), makers)
        for maker, found in zip(makers, judged, strict=True):
            for what, said in found:
                report.holds(f"{maker.name}: {what}", said)
    report.section("controls")
    controls(report, shop)
    return report.finish()


def problems(program: Path, shop: Workshop, maker: Maker, client: Path) -> Iterator[tuple[str, list[str]]]:
    """What is wrong with each command's answer to a quote."""
    quote = shop.path(maker.name)
    shown = limited(program, "show", quote)
    yield "show", [] if shown.returncode in (0, 1) else [f"ends with {shown.returncode}: {shown.stderr[-300:]}"]
    before = pictures(quote)
    for way, flags, refused in (("embed", (), maker.embed), ("append", ("--append",), maker.append)):
        made = shop.folder / way / quote.name
        made.parent.mkdir(exist_ok=True)
        command = ("attach", "--embedded", "--json", "--quote", quote, "--client", client, "--output", made)
        done = limited(program, *command, *flags)
        if done.returncode not in (0, 1):
            yield way, [f"ends with {done.returncode}: {done.stderr[-300:]}"]
            continue
        said = [problem["message"] for problem in json.loads(done.stdout)["problems"]]
        if refused:
            yield f"{way}: refused", [] if any(refused in message for message in said) else [str(said)]
            yield f"{way}: nothing made", ["there is a file"] if made.exists() else []
        elif done.returncode != 0:
            yield way, said
        else:
            yield way, list(differences(quote, before, made, way))


def differences(quote: Path, before: list[str], made: Path, way: str) -> Iterator[str]:
    """Where a quote with a contract is not the quote, and a contract."""
    if not made.read_bytes().startswith(quote.read_bytes()):
        yield "the quote is not the beginning"
    after = pictures(made)
    if way == "embed" and len(after) != len(before):
        yield f"there are {len(after)} pages drawn, before there were {len(before)}"
    if after[: len(before)] != before:
        changed = [number for number, page in enumerate(before, 1) if after[number - 1 : number] != [page]]
        yield f"pages {changed} are drawn differently"
    pages, expected = count(made), count(quote)
    if pages is None or expected is None or (pages > expected) != (way == "append"):
        yield f"poppler counts {pages} pages, before {expected}"
    if not list(qpdf_problems(quote)):
        yield from qpdf_problems(made)


def pictures(pdf: Path) -> list[str]:
    """Digests of the first pages as poppler draws them."""
    with tempfile.TemporaryDirectory() as folder:
        run("pdftoppm", "-r", str(RESOLUTION), "-l", str(PAGES), pdf, Path(folder) / "page")
        drawn = sorted(Path(folder).iterdir())
        return [hashlib.sha256(page.read_bytes()).hexdigest() for page in drawn]


def count(pdf: Path) -> int | None:
    """How many pages poppler counts."""
    lines = run("pdfinfo", pdf).stdout.splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith("Pages:")), None)


def limited(program: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Runs the program within the limits."""
    command = [
        "prlimit",
        f"--cpu={PROCESSOR}",
        f"--as={MEMORY}",
        str(program),
        *map(str, arguments),
    ]
    try:
        return subprocess.run(
            command, capture_output=True, encoding="utf-8", errors="replace", check=False, timeout=TIME
        )
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 124, "", f"not done in {TIME} s")


def controls(report: Report, shop: Workshop) -> None:
    """A changed page, a lost page and a run beyond its limit are seen."""
    changed = shop.folder / "control.pdf"
    pdf = plain()
    pdf.pages[1].obj.Contents = pdf.make_stream(b"")
    pdf.save(changed)
    before = pictures(shop.plain)
    said = list(differences(shop.plain, before, changed, "embed"))
    report.catches("control, a page changed", said, "pages [2] are drawn differently")
    report.catches("control, other bytes", said, "the quote is not the beginning")
    del pdf.pages[2]
    pdf.save(changed)
    report.catches("control, a page lost", differences(shop.plain, before, changed, "embed"), "2 pages drawn")
    report.catches("control, no page added", differences(shop.plain, before, changed, "append"), "poppler counts")
    done = limited(Path(sys.executable), "-c", f"bytearray({2 * MEMORY})")
    report.catches("control, too much memory", [done.stderr], "MemoryError")


if __name__ == "__main__":
    sys.exit(main())
