"""What is sent: the contract in a quote, and the draft of an e-mail."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import attaching
import documents
import mailing
import quotes
import showing
import signing
from commands import run
from documents import Document
from filling import WAYS, values_kept
from quotes import Quote
from signing import FILLED_IN_AFTER, WHOLE, Authority, differ

if TYPE_CHECKING:
    from judge import Suite

SAMPLE = "Zoë Ångström (jg)"


def attached(suite: "Suite") -> None:
    """The contract in quotes of every program, embedded and as further pages."""
    suite.report.section("attached")
    authority, document = Authority(), suite.named("acme")
    client = documents.CLIENTS / "acme.toml"
    for quote in quotes.make_all(suite.folder / "quotes", authority):
        for way, flags, check in (
            ("embed", (), attaching.embedded),
            ("append", ("--append",), attaching.appended),
        ):
            what = f"{quote.name}, {way}"
            made = suite.folder / f"quotes-{way}" / f"{quote.name}.pdf"
            code, said = attaching.attach(suite.program, quote, client, made, *flags)
            if way in quote.refuses:
                messages = [problem["message"] for problem in said["problems"]]
                suite.report.catches(f"{what}: refused", messages, quote.refuses[way])
                suite.report.holds(f"{what}: nothing made", ["there is a file"] if made.exists() else [])
                continue
            if code != 0:
                suite.report.holds(what, [problem["message"] for problem in said["problems"]])
                continue
            suite.report.holds(what, check(quote, document, made))
            _work_on(suite, what, document, quote, made, authority, way)
    _attach_controls(suite, document)


def _work_on(
    suite: "Suite", what: str, document: Document, quote: Quote, made: Path, authority: Authority, way: str
) -> None:
    """Fields still fill, signatures still hold, and there is still place for one."""
    names = attaching.fields(made)
    values = {name: SAMPLE for name in ("akkoord", "client-place", "processor-date") if name in names}
    for name in ("pypdf", "pikepdf"):
        filled = made.with_name(f"{quote.name}-{name}.pdf")
        # pikepdf makes no appearance in a font that the quote does not embed.
        filling = {key: value for key, value in values.items() if name == "pypdf" or key != "akkoord"}
        if filling:
            WAYS[name].fill(made, filling, filled)
            suite.report.holds(f"{what}, filled in by {name}: values", values_kept(filled, filling))
    if quote.name.startswith("signed"):
        _still_signed(suite, what, made, authority)
    elif way == "append" and quote.can_be_signed:
        certified, signed = made.with_suffix(".certified"), made.with_suffix(".signed")
        signing.certify(made, "processor-signature", authority.processor, certified)
        signing.sign(certified, "client-signature", authority.client, signed)
        expected = {"processor-signature": FILLED_IN_AFTER, "client-signature": WHOLE}
        suite.report.holds(f"{what}: signed", differ(authority, signed, expected))
        fields = document.fields | dict.fromkeys(attaching.fields(quote.pdf), "text")
        signers = {
            "client-signature": ("Zoë Opdrachtgever", "intact"),
            "processor-signature": ("Ravi Verwerker", "intact"),
        }
        shown = showing.problems(
            suite.program, replace(document, fields=fields), signed, "extended", signed=signers
        )
        suite.report.holds(f"{what}: show", shown)
    elif quote.can_be_signed:
        with_field, signed = made.with_suffix(".field"), made.with_suffix(".signed")
        signing.add_field(made, "akkoord-offerte", with_field)
        signing.sign(with_field, "akkoord-offerte", authority.client, signed)
        suite.report.holds(f"{what}: signed", differ(authority, signed, {"akkoord-offerte": WHOLE}))


def _still_signed(suite: "Suite", what: str, made: Path, authority: Authority) -> None:
    """The signed bytes are as they were. What was added is no change that pyHanko's own policy knows; by
    one that also knows embedded files it is all that was changed."""
    added = signing.Verdict(valid=False, intact=True, changes="OTHER", coverage="ENTIRE_REVISION")
    suite.report.holds(f"{what}: pyHanko", differ(authority, made, {"akkoord-offerte": added}))
    known = signing.Verdict(valid=True, intact=True, changes="LTA_UPDATES", coverage="ENTIRE_REVISION")
    policy = signing.ALSO_EMBEDDED_FILES
    suite.report.holds(
        f"{what}: pyHanko, by a policy that knows embedded files",
        differ(authority, made, {"akkoord-offerte": known}, policy),
    )
    suite.report.holds(
        f"{what}: pdfsig", signing.pdfsig_problems(made, {"akkoord-offerte": "Ravi Verwerker"})
    )
    turned = made.with_suffix(".turned")
    turned.write_bytes(signing.turn_page(made))
    verdict = authority.verdicts(turned.read_bytes(), policy)["akkoord-offerte"]
    suite.report.holds(f"control, {what}: page turned", ["it is allowed"] if verdict.valid else [])


def _attach_controls(suite: "Suite", document: Document) -> None:
    quote = Quote("pdftex", suite.folder / "quotes" / "pdftex.pdf")
    made = suite.folder / "quotes-embed" / "pdftex.pdf"
    other = suite.named("everything")
    said = attaching.embedded(quote, other, made)
    suite.report.catches("control, another contract", said, "pikepdf sees")
    both = suite.folder / "quotes-append" / "pdftex.pdf"
    for name, says, damage in attaching.CONTROLS:
        broken = both.with_name(f"control-{name.replace(' ', '-')}.pdf")
        attaching.break_it(both, broken, damage)
        suite.report.catches(f"control, {name}", attaching.appended(quote, document, broken), says)


def mailed(suite: "Suite") -> None:
    """The draft of every client, with a quote."""
    suite.report.section("mailed")
    folder = suite.folder / "mailed"
    folder.mkdir()
    quote = folder / mailing.QUOTE_NAME
    quote.write_bytes((quotes.QUOTES / "chromium.pdf").read_bytes())
    for document in suite.documents:
        client = documents.CLIENTS / f"{document.name}.toml"
        if not client.exists():
            continue
        drafts = []
        for name in ("first.eml", "second.eml"):
            drafts.append(folder / document.name / name)
            command = (suite.program, "mail", "--embedded", "--client", client, "--quote", quote)
            done = run(*command, "--to", "anna@example.nl", "--output", drafts[-1])
            suite.report.holds(f"{document.name}, {name}", [done.stderr] if done.returncode else [])
        attached = {
            quote.name: quote.read_bytes(),
            attaching.usual_name(document): document.pdf.read_bytes(),
        }
        known = [document.facts["client"], *attached]
        said = mailing.problems(drafts[0], attached, "anna@example.nl", known)
        suite.report.holds(f"{document.name}: draft", said)
        same = drafts[0].read_bytes() == drafts[1].read_bytes()
        suite.report.holds(f"{document.name}: same bytes", [] if same else ["they differ"])
        swapped = dict(zip(attached, reversed(attached.values()), strict=True))
        said = mailing.problems(drafts[0], swapped, "anna@example.nl", known)
        suite.report.catches(f"control, {document.name}: swapped", said, "has other bytes")


NAMED = """
[subprocessor.mail]
name = "Mailwerk B.V."
address = "Postweg 2, Gent"
country = "België"
contact = "privacy@mailwerk.example"
categories = ["mail"]
processing = "Verzending"
since = 2026-01-01
"""


def notified(suite: "Suite") -> None:
    """The draft that notifies a client of another sub-processor, over the end of a year."""
    suite.report.section("notified")
    folder = suite.folder / "notified"
    shutil.copytree(documents.ROOT / "fixtures/redline/base/clauses", folder / "clauses")
    named, contract = folder / "clauses/subprocessors.toml", folder / "clauses/contract.toml"
    named.write_text(NAMED, "utf-8")
    client = folder / "clients/zoe.toml"
    client.parent.mkdir()
    client.write_text(
        'services = ["shop"]\n[client]\nname = "Zoë & Søn B.V."\nemail = "zoe@example.nl"\n'
        "[terms]\nobjection-days = 14\n",
        "utf-8",
    )
    program = suite.program.resolve()
    commands = [
        ("regenerate",),
        ("receive", "--by-hand", "--client", "zoe", "--signed-on", "2027-07-01", "--by", "R.", "--on", "2027-07-01"),
    ]
    for command in commands:
        done = run("env", f"--chdir={folder}", program, *command)
        suite.report.holds(f"notified: {command[0]}", [done.stderr] if done.returncode else [])
    named.write_text(NAMED.replace("Mailwerk B.V.", "Postbode Ångström B.V."), "utf-8")
    contract.write_text(contract.read_text("utf-8").replace("2026-06-12", "2027-12-01"), "utf-8")
    done = run("env", f"--chdir={folder}", program, "notify", "--on", "2027-12-24")
    suite.report.holds("notified: notify", [done.stderr] if done.returncode else [])
    eml = folder / "zoe-notice-2027-12-01.eml"
    known = ["Zoë & Søn B.V.", "Mailwerk B.V.", "Postbode Ångström B.V.", "7 januari 2028", "8 januari 2028"]
    said = mailing.text_problems(eml, "zoe@example.nl", "info@webbouw.example", known)
    suite.report.holds("notified: draft", said)
    said = mailing.text_problems(eml, "zoe@example.nl", "info@webbouw.example", ["9 januari 2028"])
    suite.report.catches("control, notified: another day", said, "the text lacks")
