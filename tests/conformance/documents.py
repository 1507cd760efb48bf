"""The documents to judge: every sample client, the editions without fields, and a layout of our own."""

import json
import os
import shutil
import subprocess
import tomllib
from dataclasses import dataclass
from pathlib import Path

from commands import run

ROOT = Path(__file__).resolve().parents[2]
CLIENTS = ROOT / "fixtures" / "clients"

# Below the closing stands a box to tick, and in the header of each page a place for initials.
_CHECKBOX = """
#import "/contract.typ": field
#field("agreed", kind: "checkbox", label: "Akkoord", box(width: 4mm, height: 4mm, stroke: 0.5pt))
"""
_INITIALS = """
#import "/contract.typ": margin-field
#set page(header: context margin-field(
  "initials-" + str(here().page()),
  label: "Paraaf op pagina " + str(here().page()),
  stroke: 0.5pt,
))
"""


@dataclass(frozen=True)
class Document:
    """A document as it was made."""

    name: str
    pdf: Path
    # What `dpa-gen --json` said of it.
    facts: dict
    # The kind of each field that it must have, by id.
    fields: dict[str, str]
    # Whether it has the signature block of the layout that comes along, and nothing but that.
    standard: bool = True

    def text_fields(self) -> list[str]:
        """The ids of what is filled in."""
        return [id for id, kind in self.fields.items() if kind == "text"]


def build() -> Path:
    """Builds the program as `cargo test` does; returns where it is."""
    command = [
        os.environ.get("CARGO", "cargo"),
        "build",
        "--quiet",
        "--message-format=json-render-diagnostics",
    ]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8", check=True)
    messages = [json.loads(line) for line in done.stdout.splitlines()]
    [program] = [message["executable"] for message in messages if message.get("executable")]
    return Path(program)


def make_all(program: Path, folder: Path) -> list[Document]:
    """Makes every document into the folder."""
    folder.mkdir()
    documents = []
    for client in sorted(CLIENTS.glob("*.toml")):
        facts = _make(program, "--embedded", "--client", client, "--output", folder / f"{client.stem}.pdf")
        documents.append(_document(client.stem, facts, expected_fields(client)))
    facts = _make(program, "--embedded", "--general", "--output", folder / "general.pdf")
    documents.append(_document("general", facts, {}))
    acme = CLIENTS / "acme.toml"
    paper = folder / "paper.pdf"
    facts = _make(program, "--embedded", "--client", acme, "--no-fields", "--output", paper)
    documents.append(_document("paper", facts, {}))
    # A folder of its own: one dpa.lock holds what was made by one layout.
    for stem in ["acme", "everything", "hostile", "two-directors"]:
        client = CLIENTS / f"{stem}.toml"
        output = folder / "compact" / f"{stem}.pdf"
        output.parent.mkdir(exist_ok=True)
        facts = _make(program, "--embedded", "--layout", "compact", "--client", client, "--output", output)
        documents.append(_document(f"compact-{stem}", facts, expected_fields(client)))
    documents.append(_make_own(program, folder))
    return documents


def expected_fields(client: Path) -> dict[str, str]:
    """What a person must still fill in, by fields.toml: the kind of each field."""
    fields = tomllib.loads(Path(__file__).with_name("fields.toml").read_text("utf-8"))[client.stem]
    return {id: "signature" if id.endswith("-signature") else "text" for id in fields}


def _make_own(program: Path, folder: Path) -> Document:
    """A document with a checkbox, and with fields in its margins."""
    library = folder.with_name("library")
    for part in ("clauses", "layouts"):
        shutil.copytree(ROOT / part, library / part)
    closing = library / "clauses/signature.typ"
    closing.write_text(closing.read_text("utf-8") + _CHECKBOX, "utf-8")
    main = library / "layouts/standard/main.typ"
    cover = "#cover(contract)"
    text = main.read_text("utf-8")
    if text.count(cover) != 1:
        raise ValueError(f"{main.name} no longer says `{cover}`: put the initials in another way")
    main.write_text(text.replace(cover, _INITIALS + cover), "utf-8")

    client = CLIENTS / "smallest.toml"
    # Not beside the others: their dpa.lock holds this version of the text to what it says there.
    output = library / "own-layout.pdf"
    facts = _make(program, "--library", library, "--client", client, "--output", output)
    initials = {f"initials-{page}": "text" for page in range(1, facts["pages"] + 1)}
    fields = expected_fields(client) | {"agreed": "checkbox"} | initials
    return _document("own-layout", facts, fields, standard=False)


def _make(program: Path, *arguments: str | Path) -> dict:
    done = run(program, "--json", *arguments)
    said = json.loads(done.stdout)
    if done.returncode != 0:
        raise ValueError(f"dpa-gen {arguments}: {said['problems']}")
    [facts] = said["results"]
    return facts


def _document(name: str, facts: dict, fields: dict[str, str], standard: bool = True) -> Document:
    return Document(name, Path(facts["pdf"]), facts, fields, standard)
