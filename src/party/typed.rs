//! A party as it is typed. The remarks on the keys are what editors show, by way of `dpa-gen schema`: Dutch,
//! then English.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::input::{Spanned, Text};

/// How many people may sign for a party: as many as have a place on one page.
pub const MOST_SIGNATORIES: usize = 6;

/// A party as typed: `[processor]` in `contract.toml`, `[client]` in a client file.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawParty {
    /// Statutaire naam.
    ///
    /// The legal name.
    #[schemars(required)]
    pub(super) name: Option<Text>,
    /// Naam in de lopende tekst van het contract; weggelaten is dat de statutaire naam.
    ///
    /// The name in the contract's running text; the legal name where it is left out.
    pub(super) short_name: Option<Text>,
    /// Handelsnaam: de naam waaronder een eenmanszaak handelt.
    ///
    /// The name that it trades under, if that is not the legal name.
    pub(super) trade_name: Option<Text>,
    /// Rechtsvorm: "besloten vennootschap", "eenmanszaak", "stichting" of een andere.
    ///
    /// The legal form: one of parties.toml, or any other as the contract should print it.
    pub(super) legal_form: Option<Text>,
    /// De vennoten of maten van een vennootschap onder firma, maatschap of commanditaire vennootschap.
    ///
    /// The partners of a partnership, by name.
    #[schemars(length(min = 1))]
    pub(super) partners: Option<Spanned<Vec<Text>>>,
    /// Nummer in het Handelsregister (KvK): 8 cijfers, tussen aanhalingstekens.
    ///
    /// The number in the Dutch trade register: 8 digits, between quotes.
    #[schemars(regex(pattern = "^ *([0-9] *){8}$"))]
    pub(super) kvk: Option<Text>,
    /// Inschrijving in een buitenlands handelsregister, in plaats van `kvk`; `country` hoort erbij.
    ///
    /// The entry in a trade register of another country, in place of `kvk`; it goes with `country`.
    pub(super) register: Option<Spanned<RawRegister>>,
    /// Straat en huisnummer.
    ///
    /// Street and number.
    pub(super) address: Option<Text>,
    /// Postcode.
    ///
    /// Postal code.
    pub(super) postal_code: Option<Text>,
    /// Plaats.
    ///
    /// City.
    pub(super) city: Option<Text>,
    /// Land, in de taal van het contract.
    ///
    /// Country, in the contract's language.
    pub(super) country: Option<Text>,
    /// Algemeen e-mailadres.
    ///
    /// General e-mail address.
    #[schemars(email, regex(pattern = EMAIL))]
    pub(super) email: Option<Text>,
    /// Algemeen telefoonnummer.
    ///
    /// General telephone number.
    pub(super) phone: Option<Text>,
    /// Website.
    ///
    /// Website.
    pub(super) website: Option<Text>,
    /// Wie tekent; wat er niet staat, wordt een invulveld.
    ///
    /// Who signs; a missing detail is a form field.
    #[schemars(extend("minProperties" = 1))]
    pub(super) signatory: Option<Spanned<RawSignatory>>,
    /// Wie samen tekenen, in plaats van `signatory`: elk met een eigen handtekening.
    ///
    /// Who sign together, in place of `signatory`: each with a signature of its own.
    #[schemars(length(min = 1, max = MOST_SIGNATORIES))]
    pub(super) signatories: Option<Spanned<Vec<RawSignatory>>>,
    /// In welke hoedanigheid de klant verwerkt: controller (verwerkingsverantwoordelijke) of processor.
    ///
    /// As what the client processes: controller, or processor (for others; the processor is then its
    /// sub-processor).
    #[schemars(regex(pattern = "^(controller|processor)$"))]
    pub(super) capacity: Option<Text>,
    /// De verwerkingsverantwoordelijken, of soorten daarvan, voor wie een klant die verwerker is verwerkt.
    ///
    /// The controllers, or kinds of them, that a client processes for that is itself a processor.
    #[schemars(length(min = 1))]
    pub(super) controllers: Option<Spanned<Vec<Text>>>,
    /// Contactpersoon voor privacy.
    ///
    /// Whom to ask about privacy.
    #[schemars(extend("minProperties" = 1))]
    pub(super) privacy_contact: Option<Spanned<RawPerson>>,
    /// Contactpersoon voor datalekken (art. 33 AVG).
    ///
    /// Whom to notify of a personal data breach (art. 33 GDPR).
    #[schemars(extend("minProperties" = 1))]
    pub(super) breach_contact: Option<Spanned<RawPerson>>,
    /// Functionaris voor gegevensbescherming (art. 37 AVG).
    ///
    /// The data protection officer (art. 37 GDPR).
    #[schemars(extend("minProperties" = 1))]
    pub(super) dpo: Option<Spanned<RawPerson>>,
    /// Vertegenwoordiger in de Europese Unie van wie daar niet gevestigd is (art. 27 AVG).
    ///
    /// The representative in the European Union of a party that is not established there (art. 27 GDPR).
    #[schemars(extend("minProperties" = 1))]
    pub(super) representative: Option<Spanned<RawPerson>>,
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
    pub(super) name: Option<Text>,
    /// Functie.
    ///
    /// Position.
    pub(super) role: Option<Text>,
}

/// An entry in a trade register, as typed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawRegister {
    /// Naam van het register.
    ///
    /// The register's name.
    #[schemars(required)]
    pub(super) name: Option<Text>,
    /// Nummer in het register.
    ///
    /// The number in it.
    #[schemars(required)]
    pub(super) number: Option<Text>,
}

/// A person as typed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawPerson {
    /// Naam.
    ///
    /// Name.
    pub(super) name: Option<Text>,
    /// Functie.
    ///
    /// Position.
    pub(super) role: Option<Text>,
    /// E-mailadres.
    ///
    /// E-mail address.
    #[schemars(email, regex(pattern = EMAIL))]
    pub(super) email: Option<Text>,
    /// Telefoonnummer.
    ///
    /// Telephone number.
    pub(super) phone: Option<Text>,
}
