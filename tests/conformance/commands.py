"""Running the judges that are commands."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

# What poppler says of `/Suspects false` in a document's `/MarkInfo`, as Typst writes it and as
# ISO 32000-1, 14.7.1 has it.
_REMARK = "Syntax Error: Suspects object is wrong type (boolean)"


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    """Runs a command and waits for it; what it says is text."""
    texts = [str(part) for part in command]
    return subprocess.run(texts, capture_output=True, encoding="utf-8", errors="replace", check=False)


def poppler(*command: str | Path) -> str:
    """What a command of poppler says; anything on its standard error is an error."""
    done = run(*command)
    said = [line for line in done.stderr.splitlines() if line.strip() and line != _REMARK]
    if done.returncode != 0 or said:
        raise ValueError(f"{command[0]}: {said or done.stdout}")
    return done.stdout


def qpdf_problems(pdf: Path, allowed: str = "nothing") -> Iterator[str]:
    """What `qpdf --check` has against a file, but for a warning that says `allowed`."""
    done = run("qpdf", "--check", pdf)
    warnings = [line for line in done.stderr.splitlines() if line.startswith(("WARNING", "ERROR", "qpdf:"))]
    serious = [line for line in warnings if allowed not in line and "operation succeeded" not in line]
    yield from serious
    if done.returncode != 0 and not warnings:
        yield f"qpdf ends with {done.returncode}"


def info(pdf: Path) -> dict[str, str]:
    """The lines of `pdfinfo`, by their name."""
    lines = poppler("pdfinfo", pdf).splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def letters(text: str) -> str:
    """A text without white space, and without the hyphens that a line break may bring."""
    return re.sub(r"[\s\u00ad-]+", "", text)


def page_text(pdf: Path) -> str:
    """All text of a file, as poppler reads it."""
    return poppler("pdftotext", "-enc", "UTF-8", pdf, "-")
