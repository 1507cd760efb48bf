"""Signing with pyHanko, by the PAdES profile, with certificates of an authority made for the occasion."""

import datetime
import io
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from asn1crypto import keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.content import RawContent
from pyhanko.pdf_utils.generic import DictionaryObject, NumberObject, pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader
from pyhanko.sign.diff_analysis import (
    DEFAULT_DIFF_POLICY,
    CatalogModificationRule,
    DiffPolicy,
    ModificationLevel,
    ReferenceUpdate,
    StandardDiffPolicy,
    WhitelistRule,
)
from pyhanko.sign.diff_analysis.constants import ROOT_EXEMPT_STRICT_COMPARISON
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter, append_signature_field
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from commands import run

# It logs each forbidden change that it is shown here on purpose.
logging.getLogger("pyhanko").setLevel(logging.CRITICAL)

# What shows in the box. pyHanko's own stamp is a text in a Courier that it does not embed.
_STAMP = StaticStampStyle(background=RawContent(b"q 1 w 4 4 m 56 26 l S Q"), border_width=0)

_Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@dataclass(frozen=True)
class Verdict:
    """What pyHanko says of a signature."""

    # Whether all is well: intact, trusted, and nothing changed that may not.
    valid: bool
    # The bytes that were signed are the same.
    intact: bool
    # What was changed after it: NONE, LTA_UPDATES, FORM_FILLING, OTHER.
    changes: str
    # How much it covers: ENTIRE_FILE, ENTIRE_REVISION.
    coverage: str


WHOLE = Verdict(valid=True, intact=True, changes="NONE", coverage="ENTIRE_FILE")
FILLED_IN_AFTER = Verdict(valid=True, intact=True, changes="FORM_FILLING", coverage="ENTIRE_REVISION")


class _EmbeddedFiles(WhitelistRule):
    """Knows the objects that embed a file."""

    def apply(self, old: HistoricalResolver, new: HistoricalResolver) -> Iterator[ReferenceUpdate]:
        for reference in new.explicit_refs_in_revision():
            added = new(reference)
            is_file = isinstance(added, DictionaryObject) and added.get("/Type") in (
                "/Filespec",
                "/EmbeddedFile",
            )
            if is_file and new.reader.xrefs.get_historical_ref(reference, old.revision) is None:
                yield ReferenceUpdate(reference)


DEFAULT = DEFAULT_DIFF_POLICY

# What pyHanko knows by itself, and embedded files: new ones, listed in the catalog.
ALSO_EMBEDDED_FILES = StandardDiffPolicy(
    global_rules=[
        CatalogModificationRule(ROOT_EXEMPT_STRICT_COMPARISON | {"/Names", "/AF"}),
        _EmbeddedFiles().as_qualified(ModificationLevel.LTA_UPDATES),
        *DEFAULT_DIFF_POLICY.global_rules[1:],
    ],
    form_rule=DEFAULT_DIFF_POLICY.form_rule,
)


class Authority:
    """An authority with its two customers."""

    def __init__(self) -> None:
        self._key = rsa.generate_private_key(65537, 2048)
        self._certificate = self._certify("Throw-away Root", self._key)
        # The two kinds of keys that are in use.
        self._files = {}
        self.processor = self._customer(
            "processor", "Ravi Verwerker", rsa.generate_private_key(65537, 2048)
        )
        self.client = self._customer(
            "client", "Zoë Opdrachtgever", ec.generate_private_key(ec.SECP256R1())
        )

    def save(self, folder: Path) -> None:
        """Writes what other programs sign with: a PKCS#12 file each, pass phrase `secret`, and the root."""
        for who, content in self._files.items():
            (folder / f"{who}.p12").write_bytes(content)
        (folder / "authority.pem").write_bytes(self._certificate.public_bytes(Encoding.PEM))

    def verdicts(self, pdf: bytes, policy: DiffPolicy = DEFAULT) -> dict[str, Verdict]:
        """What pyHanko says of each signature, by its field."""
        verdicts = {}
        for signature in PdfFileReader(io.BytesIO(pdf)).embedded_signatures:
            trust = ValidationContext(trust_roots=[_asn1(self._certificate)], allow_fetching=False)
            status = validate_pdf_signature(signature, trust, diff_policy=policy)
            changes, coverage = status.modification_level.name, status.coverage.name
            verdicts[signature.field_name] = Verdict(status.bottom_line, status.intact, changes, coverage)
        return verdicts

    def _customer(self, who: str, name: str, key: _Key) -> SimpleSigner:
        certificate = self._certify(name, key)
        locked = BestAvailableEncryption(b"secret")
        self._files[who] = pkcs12.serialize_key_and_certificates(
            who.encode(), key, certificate, [self._certificate], locked
        )
        secret = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        return SimpleSigner(
            signing_cert=_asn1(certificate),
            signing_key=keys.PrivateKeyInfo.load(secret),
            cert_registry=SimpleCertificateStore.from_certs([_asn1(self._certificate)]),
        )

    def _certify(self, name: str, key: _Key) -> x509.Certificate:
        is_root = key is self._key
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        now, day = datetime.datetime.now(datetime.UTC), datetime.timedelta(days=1)
        usage = x509.KeyUsage(
            digital_signature=not is_root,
            content_commitment=not is_root,
            key_cert_sign=is_root,
            crl_sign=is_root,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            encipher_only=False,
            decipher_only=False,
        )
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject if is_root else self._certificate.subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - day)
            .not_valid_after(now + day)
            .add_extension(x509.BasicConstraints(ca=is_root, path_length=None), critical=True)
            .add_extension(usage, critical=True)
            .sign(self._key, hashes.SHA256())
        )


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))


def differ(
    authority: Authority, pdf: Path, expected: dict[str, Verdict], policy: DiffPolicy = DEFAULT
) -> list[str]:
    """Where what pyHanko says of the signatures is not what is expected of them."""
    found = authority.verdicts(pdf.read_bytes(), policy)
    if set(found) != set(expected):
        return [f"signed are {sorted(found)}, expected {sorted(expected)}"]
    return [
        f"{field}: {found[field]}, expected {verdict}"
        for field, verdict in expected.items()
        if found[field] != verdict
    ]


def sign(source: Path, field: str, signer: SimpleSigner, target: Path) -> None:
    """Signs a field that is there: an approval of the document as it is."""
    _sign(source, PdfSignatureMetadata(field_name=field, subfilter=SigSeedSubFilter.PADES), signer, target)


def certify(source: Path, field: str, signer: SimpleSigner, target: Path) -> None:
    """Signs a field that is there, and allows nothing after that but filling in and signing."""
    metadata = PdfSignatureMetadata(
        field_name=field,
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.FILL_FORMS,
    )
    _sign(source, metadata, signer, target)


def _sign(source: Path, metadata: PdfSignatureMetadata, signer: SimpleSigner, target: Path) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(source.read_bytes()))
    signed = PdfSigner(metadata, signer, stamp_style=_STAMP).sign_pdf(writer, existing_fields_only=True)
    target.write_bytes(signed.getvalue())


def add_field(source: Path, field: str, target: Path) -> None:
    """Adds a field to sign in, as who gets a document without one does."""
    writer = IncrementalPdfFileWriter(io.BytesIO(source.read_bytes()))
    append_signature_field(writer, SigFieldSpec(field, box=(60, 60, 200, 120)))
    with target.open("wb") as output:
        writer.write(output)


def turn_page(source: Path) -> bytes:
    """Appends a change that no signer allows: the first page is turned."""
    writer = IncrementalPdfFileWriter(io.BytesIO(source.read_bytes()))
    page = writer.root["/Pages"]
    while "/Kids" in page:
        page = page["/Kids"][0]
    page[pdf_name("/Rotate")] = NumberObject(180)
    writer.update_container(page)
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def pdfsig_problems(pdf: Path, signers: dict[str, str]) -> Iterator[str]:
    """What poppler has against the signatures; `signers` are the common names by field."""
    said = run("pdfsig", "-nocert", pdf).stdout.split("Signature #")[1:]
    found = {}
    for signature in said:
        lines = dict(line.strip(" -").split(": ", 1) for line in signature.splitlines() if ": " in line)
        field = lines.get("Signature Field Name", "")
        if "field is not signed" in signature:
            continue
        found[field] = lines.get("Signer Certificate Common Name")
        validation = lines.get("Signature Validation")
        if validation != "Signature is Valid.":
            yield f"pdfsig says of {field}: {validation}"
        if lines.get("Signature Type") != "ETSI.CAdES.detached":
            yield f"pdfsig says of {field} that its type is {lines.get('Signature Type')}"
    if found != signers:
        yield f"pdfsig sees the signers {found}, expected {signers}"
