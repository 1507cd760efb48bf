"""The drafts that `dpa-gen mail` and `dpa-gen notify` write, as Python's `email` package reads them."""

import email
import email.policy
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

# Long and with letters that a header cannot hold as they are.
QUOTE_NAME = "Offerte 2026-041 – Zoë & Søn's “website”, ontwerp; hélemaal (definitief) voor Acme B.V.pdf"


def problems(eml: Path, attached: dict[str, bytes], to: str, known: list[str]) -> Iterator[str]:
    """Where a draft differs: `attached` by name, whom it is to, and words that its text must have."""
    message = email.message_from_bytes(eml.read_bytes(), policy=email.policy.default)
    yield from text_problems(eml, to, "info@mnrv.nl", known)
    found = {part.get_filename(): part.get_content() for part in message.iter_attachments()}
    if list(found) != list(attached):
        yield f"attached are {list(found)}, expected {list(attached)}"
    for name in found.keys() & attached.keys():
        if found[name] != attached[name]:
            yield f"{name} has other bytes"


def text_problems(eml: Path, to: str, sender: str, known: list[str]) -> Iterator[str]:
    """Where a draft differs, whatever is attached: whom it is to and from, and words that its text must have."""
    data = eml.read_bytes()
    message = email.message_from_bytes(data, policy=email.policy.default)
    yield from (f"the message has a defect: {defect!r}" for defect in _defects(message))
    if message["X-Unsent"] != "1":
        yield "it does not say that it is a draft"
    for header in ("Date", "Message-ID"):
        if message[header] is not None:
            yield f"it has a {header} before it is sent"
    addresses = [address.addr_spec for address in message["To"].addresses]
    if addresses != [to]:
        yield f"it is to {addresses}"
    if [address.addr_spec for address in message["From"].addresses] != [sender]:
        yield f"it is from {message['From']}"
    text = message["Subject"] + message.get_body(("plain",)).get_content()
    yield from (f"the text lacks {word!r}" for word in known if word not in text)
    for part in message.iter_attachments():
        if (
            part.get_content_type() != "application/pdf"
            or part["Content-Type"].params["name"] != part.get_filename()
        ):
            yield f"{part.get_filename()} is a {part['Content-Type']}"
    if any(len(line) > 78 or not line.isascii() for line in data.split(b"\r\n")):
        yield "a line is too long, or not in ASCII"


def _defects(message: EmailMessage) -> Iterator[object]:
    for part in message.walk():
        yield from part.defects
        for value in part.values():
            yield from value.defects
