//! The parties to the contract, processor and controller alike: their details as typed and as checked.

use std::ops::Range;

use email_address::{EmailAddress, Options};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::diagnostic::Diagnostic;
use crate::input::{Checker, Spanned, Text};

/// A party as typed: `[processor]` in `contract.toml`, `[client]` in a client file.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawParty {
    /// Statutaire naam.
    ///
    /// The legal name.
    #[schemars(required)]
    name: Option<Text>,
    /// Naam in de lopende tekst van het contract; weggelaten is dat de statutaire naam.
    ///
    /// The name in the contract's running text; the legal name where it is left out.
    short_name: Option<Text>,
    /// Rechtsvorm, zoals die voor de naam staat: "besloten vennootschap".
    ///
    /// The legal form, as words that go before the name.
    legal_form: Option<Text>,
    /// Nummer in het Handelsregister (KvK): 8 cijfers, tussen aanhalingstekens.
    ///
    /// The number in the Dutch trade register: 8 digits, between quotes.
    #[schemars(regex(pattern = "^ *([0-9] *){8}$"))]
    kvk: Option<Text>,
    /// Straat en huisnummer.
    ///
    /// Street and number.
    address: Option<Text>,
    /// Postcode.
    ///
    /// Postal code.
    postal_code: Option<Text>,
    /// Plaats.
    ///
    /// City.
    city: Option<Text>,
    /// Land, in de taal van het contract.
    ///
    /// Country, in the contract's language.
    country: Option<Text>,
    /// Algemeen e-mailadres.
    ///
    /// General e-mail address.
    #[schemars(email, regex(pattern = EMAIL))]
    email: Option<Text>,
    /// Algemeen telefoonnummer.
    ///
    /// General telephone number.
    phone: Option<Text>,
    /// Website.
    ///
    /// Website.
    website: Option<Text>,
    /// Wie tekent; weggelaten wordt het een invulveld.
    ///
    /// Who signs; left out, it is a form field.
    signatory: Option<Spanned<RawSignatory>>,
    /// Contactpersoon voor privacy.
    ///
    /// Whom to ask about privacy.
    #[schemars(extend("minProperties" = 1))]
    privacy_contact: Option<Spanned<RawPerson>>,
    /// Contactpersoon voor datalekken (art. 33 AVG).
    ///
    /// Whom to tell about a personal data breach (art. 33 GDPR).
    #[schemars(extend("minProperties" = 1))]
    breach_contact: Option<Spanned<RawPerson>>,
    /// Functionaris voor gegevensbescherming (art. 37 AVG).
    ///
    /// The data protection officer (art. 37 GDPR).
    #[schemars(extend("minProperties" = 1))]
    dpo: Option<Spanned<RawPerson>>,
}

/// What JSON Schema's own `email` does not ask: a domain with a dot in it.
const EMAIL: &str = r"^\S(.*\S)?@\S+\.\S+$";

/// Who signs, as typed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawSignatory {
    /// Naam.
    ///
    /// Name.
    #[schemars(required)]
    name: Option<Text>,
    /// Functie.
    ///
    /// Position.
    role: Option<Text>,
}

/// A person as typed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawPerson {
    /// Naam.
    ///
    /// Name.
    name: Option<Text>,
    /// Functie.
    ///
    /// Position.
    role: Option<Text>,
    /// E-mailadres.
    ///
    /// E-mail address.
    #[schemars(email, regex(pattern = EMAIL))]
    email: Option<Text>,
    /// Telefoonnummer.
    ///
    /// Telephone number.
    phone: Option<Text>,
}

/// A party whose details are in order. What is not known is `None`, and the contract does not mention it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Party {
    /// The legal name.
    pub name: String,
    /// The name in running text; the processor always has one.
    pub short_name: Option<String>,
    /// The legal form, as a word that goes before the name: "besloten vennootschap".
    pub legal_form: Option<String>,
    /// The number in the Dutch trade register: 8 digits.
    pub kvk: Option<String>,
    /// Street and number.
    pub address: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// City.
    pub city: Option<String>,
    /// Country, in the contract's language.
    pub country: Option<String>,
    /// General e-mail address.
    pub email: Option<String>,
    /// General telephone number.
    pub phone: Option<String>,
    /// Website.
    pub website: Option<String>,
    /// Who signs.
    pub signatory: Option<Signatory>,
    /// Whom to ask about privacy.
    pub privacy_contact: Option<Person>,
    /// Whom to tell about a personal data breach (art. 33 GDPR).
    pub breach_contact: Option<Person>,
    /// The data protection officer (art. 37 GDPR).
    pub dpo: Option<Person>,
}

/// Who signs for a party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Signatory {
    /// Name.
    pub name: String,
    /// Position.
    pub role: Option<String>,
}

/// A person of a party; at least one detail is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Person {
    /// Name.
    pub name: Option<String>,
    /// Position.
    pub role: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Telephone number.
    pub phone: Option<String>,
}

impl RawParty {
    /// The keys that were left out of those that the clauses count on in a processor.
    #[must_use]
    pub fn missing_details(&self) -> Vec<&'static str> {
        let details = [("kvk", &self.kvk), ("email", &self.email), ("website", &self.website)];
        details.into_iter().filter(|(_, value)| value.is_none()).map(|(key, _)| key).collect()
    }

    /// Checks every detail; `table` is where the party stands in the file.
    pub fn check(self, check: &mut Checker<'_>, table: Range<usize>) -> Option<Party> {
        let name = check.required("name", self.name, table);
        let party = Party {
            name: String::new(),
            short_name: check.optional("short-name", self.short_name),
            legal_form: check.optional("legal-form", self.legal_form),
            kvk: self.kvk.and_then(|kvk| check_kvk(check, &kvk)),
            address: check.optional("address", self.address),
            postal_code: check.optional("postal-code", self.postal_code),
            city: check.optional("city", self.city),
            country: check.optional("country", self.country),
            email: self.email.and_then(|email| check_email(check, email)),
            phone: check.optional("phone", self.phone),
            website: check.optional("website", self.website),
            signatory: self.signatory.and_then(|person| check_signatory(check, person)),
            privacy_contact: check_person(check, "privacy-contact", self.privacy_contact),
            breach_contact: check_person(check, "breach-contact", self.breach_contact),
            dpo: check_person(check, "dpo", self.dpo),
        };
        name.map(|name| Party { name, ..party })
    }
}

fn check_signatory(check: &mut Checker<'_>, signatory: Spanned<RawSignatory>) -> Option<Signatory> {
    let table = signatory.span();
    let RawSignatory { name, role } = signatory.into_inner();
    let name = check.required("name", name, table);
    let role = check.optional("role", role);
    name.map(|name| Signatory { name, role })
}

fn check_person(
    check: &mut Checker<'_>,
    key: &str,
    person: Option<Spanned<RawPerson>>,
) -> Option<Person> {
    let person = person?;
    let span = person.span();
    let RawPerson { name, role, email, phone } = person.into_inner();
    if name.is_none() && role.is_none() && email.is_none() && phone.is_none() {
        let empty = Diagnostic::error(format!("`{key}` is empty"))
            .at(check.source, span)
            .hint("give at least one of `name`, `role`, `email` and `phone`, or leave the key out");
        check.problem(empty);
        return None;
    }
    Some(Person {
        name: check.optional("name", name),
        role: check.optional("role", role),
        email: email.and_then(|email| check_email(check, email)),
        phone: check.optional("phone", phone),
    })
}

/// A `KvK` number is 8 digits; there is no check digit. It may be typed in groups.
fn check_kvk(check: &mut Checker<'_>, kvk: &Text) -> Option<String> {
    let digits: String = kvk.get_ref().chars().filter(|c| *c != ' ').collect();
    if digits.len() == 8 && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(digits);
    }
    let wrong =
        Diagnostic::error(format!("`{}` is not a KvK number", kvk.get_ref().escape_debug()))
            .at(check.source, kvk.span())
            .hint("a KvK number has 8 digits: kvk = \"12345678\"");
    check.problem(wrong);
    None
}

fn check_email(check: &mut Checker<'_>, email: Text) -> Option<String> {
    let span = email.span();
    let value = check.text("email", email)?;
    if is_email(&value) {
        return Some(value);
    }
    let wrong = Diagnostic::error(format!("`{value}` is not an e-mail address"))
        .at(check.source, span)
        .hint("write it as name@example.nl");
    check.problem(wrong);
    None
}

/// Whether a text is an e-mail address, as a person types one: `name@example.nl`.
#[must_use]
pub fn is_email(text: &str) -> bool {
    let options =
        Options::default().with_required_tld().without_display_text().without_domain_literal();
    EmailAddress::parse_with_options(text, options).is_ok()
}
