"""What `dpa-gen show` says of a document: it is judged by what was done to it."""

import json
from collections.abc import Iterator
from pathlib import Path

from commands import run
from documents import Document

Signers = dict[str, tuple[str, str]]


def problems(
    program: Path,
    document: Document,
    pdf: Path,
    original: str,
    values: dict[str, str] | None = None,
    signed: Signers | None = None,
) -> Iterator[str]:
    """Where `dpa-gen show --json` differs.

    `original` is the state of the bytes that were made: `untouched`, `extended` or `rewritten`; `signed`
    gives a signature field's signer and its integrity: `intact` or `broken`.
    """
    values, signed = values or {}, signed or {}
    done = run(program, "show", "--json", pdf)
    said = json.loads(done.stdout)
    if done.returncode != 0:
        yield f"show ends with {done.returncode}: {said['problems']}"
        return
    [shown] = said["results"]
    for key in ("client", "version", "digest"):
        if shown[key] != document.facts[key]:
            yield f"show says {key} {shown[key]}, expected {document.facts[key]}"
    if not shown["services"]:
        yield "show names no services"
    if shown["original"]["state"] != original:
        yield f"show says that the document is {shown['original']['state']}, expected {original}"
    fields = {field["id"]: field for field in shown["fields"]}
    if set(fields) != set(document.fields):
        yield f"show sees the fields {sorted(fields)}"
        return
    signatures = {signature["field"]: signature for signature in shown["signatures"]}
    for id, kind in document.fields.items():
        if kind == "text" and fields[id]["value"] != values.get(id):
            yield f"show reads {id} as {fields[id]['value']!r}, expected {values.get(id)!r}"
        if kind == "signature":
            signature = signatures[id]
            found = (signature["signer"], signature["integrity"]) if signature["signed"] else None
            if found != signed.get(id):
                yield f"show says of {id} {found}, expected {signed.get(id)}"


def not_printed(program: Path, pdf: Path, ids: list[str]) -> Iterator[str]:
    """The fields of which `dpa-gen show --json` does not say that what is filled in is printed, whole."""
    [shown] = json.loads(run(program, "show", "--json", pdf).stdout)["results"]
    for field in shown["fields"]:
        if field["id"] in ids and field["printed"] is not True:
            yield f"show says {field['printed']} of {field['id']}"
