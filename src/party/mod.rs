//! The parties to the contract, processor and controller alike: their details as typed and as checked.

mod check;
mod known;
mod people;
mod typed;

use email_address::{EmailAddress, Options};
use serde::Serialize;

pub use known::{Form, Known, OwnModel};
pub use typed::{MOST_SIGNATORIES, RawParty};

/// A party whose details are in order. What is not known is `None`: the contract does not mention it, or has a
/// form field for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Party {
    /// The legal name.
    pub name: String,
    /// The name in running text; the processor always has one.
    pub short_name: Option<String>,
    /// The name that it trades under.
    pub trade_name: Option<String>,
    /// The legal form, as the contract writes it: "besloten vennootschap".
    pub legal_form: Option<String>,
    /// What is known of the legal form.
    pub form: Option<Form>,
    /// The partners, by name.
    pub partners: Vec<String>,
    /// The number in the Dutch trade register: 8 digits.
    pub kvk: Option<String>,
    /// The entry in a trade register of another country.
    pub register: Option<Registration>,
    /// The trade register of its country, if it is not the Dutch one.
    pub foreign_register: Option<String>,
    /// Street and number.
    pub address: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// City.
    pub city: Option<String>,
    /// Country, in the contract's language.
    pub country: Option<String>,
    /// The article before it within a sentence: "de".
    pub country_article: Option<String>,
    /// Whether the country is another than the Netherlands.
    pub is_foreign: bool,
    /// General e-mail address.
    pub email: Option<String>,
    /// General telephone number.
    pub phone: Option<String>,
    /// Website.
    pub website: Option<String>,
    /// Who sign for it, each with a signature; at least one, of whom nothing may be known.
    pub signatories: Vec<Signatory>,
    /// As what it processes; of the processor nothing but its part in the contract.
    pub capacity: Capacity,
    /// The controllers, or kinds of them, that a client processes for that is itself a processor.
    pub controllers: Vec<String>,
    /// Whom to ask about privacy.
    pub privacy_contact: Option<Person>,
    /// Whom to notify of a personal data breach (art. 33 GDPR).
    pub breach_contact: Option<Person>,
    /// The data protection officer (art. 37 GDPR).
    pub dpo: Option<Person>,
    /// The representative in the European Union (art. 27 GDPR).
    pub representative: Option<Person>,
}

/// As what a client processes personal data.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Capacity {
    /// It decides why and how.
    #[default]
    Controller,
    /// It processes for others, and the processor is its sub-processor.
    Processor,
}

/// An entry in a trade register of another country.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Registration {
    /// The register's name.
    pub name: String,
    /// The number in it.
    pub number: String,
}

/// Who signs for a party. What is not known is a form field.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Signatory {
    /// Name.
    pub name: Option<String>,
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

impl Party {
    /// The first of those who sign whose name is known.
    #[must_use]
    pub fn signatory_name(&self) -> Option<&str> {
        self.signatories.iter().find_map(|signatory| signatory.name.as_deref())
    }
}

/// Whether a text is an e-mail address, as a person types one: `name@example.nl`.
#[must_use]
pub fn is_email(text: &str) -> bool {
    let options =
        Options::default().with_required_tld().without_display_text().without_domain_literal();
    EmailAddress::parse_with_options(text, options).is_ok()
}
