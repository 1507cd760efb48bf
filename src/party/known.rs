//! What is known of parties, `parties.toml`: legal forms, registers by country, and clients that usually bring
//! a contract of their own.

use std::sync::Arc;

use indexmap::IndexMap;
use regex::{Regex, RegexBuilder};
use serde::{Deserialize, Serialize};

use crate::countries::Countries;
use crate::diagnostic::{Diagnostic, Problems, Source};
use crate::input::{self, Checker, Text};

/// What is known of parties.
#[derive(Debug)]
pub struct Known {
    /// The legal forms.
    pub forms: Vec<Form>,
    registers: Vec<Register>,
    models: Vec<OwnModel>,
    /// The countries that parties and registers are of.
    pub(super) countries: Arc<Countries>,
}

/// A legal form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Form {
    /// Its id: `eenmanszaak`.
    pub id: String,
    /// How the contract writes it.
    pub name: String,
    /// Whether the party is a natural person, who trades under a name.
    pub is_person: bool,
    /// What one of the people is called who make up the party.
    pub partner: Option<String>,
    /// What more of them are called.
    pub partners: Option<String>,
    /// Other ways to write it, folded.
    #[serde(skip)]
    also: Vec<String>,
}

/// A trade register.
#[derive(Debug)]
pub struct Register {
    /// What it is called.
    pub name: String,
    /// A number of its form.
    pub example: String,
    is_dutch: bool,
    /// The codes of the countries that it is of.
    countries: Vec<String>,
    pattern: Regex,
}

/// What to know of clients of a kind before a contract is made for them.
#[derive(Debug)]
pub struct OwnModel {
    name: Regex,
    /// What is printed, in English.
    pub note: String,
    /// The same in Dutch, if the file has it.
    pub note_nl: Option<String>,
}

/// What a legal form is, as typed.
#[derive(Debug)]
pub(super) enum Lookup<'a> {
    /// One of those that are known.
    Known(&'a Form),
    /// Something else.
    Other,
    /// Most likely a misspelling of this one.
    Misspelt(&'a Form),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawKnown {
    #[serde(default)]
    legal_form: IndexMap<Text, RawForm>,
    #[serde(default)]
    register: IndexMap<Text, RawRegister>,
    #[serde(default)]
    own_model: IndexMap<Text, RawOwnModel>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawForm {
    name: Option<Text>,
    also: Option<Vec<Text>>,
    #[serde(default)]
    is_person: bool,
    partner: Option<Text>,
    partners: Option<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRegister {
    name: Option<Text>,
    countries: Option<Vec<Text>>,
    pattern: Option<Text>,
    example: Option<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawOwnModel {
    name: Option<Text>,
    note: Option<Text>,
    note_nl: Option<Text>,
}

/// The id of the Dutch register, whose numbers have a key of their own.
const DUTCH: &str = "kvk";

impl Known {
    /// Reads `parties.toml`.
    ///
    /// # Errors
    ///
    /// All problems of the file.
    pub fn read(source: &Arc<Source>, countries: &Arc<Countries>) -> Result<Self, Problems> {
        let whole = 0..source.text.len();
        input::toml(source, whole, |raw: RawKnown, check| Some(raw.check(check, countries)))
    }

    /// What a legal form is, by its name or another way to write it.
    pub(super) fn form(&self, typed: &str) -> Lookup<'_> {
        let folded = fold(typed);
        let is_it = |form: &&Form| fold(&form.name) == folded || form.also.contains(&folded);
        if let Some(form) = self.forms.iter().find(is_it) {
            return Lookup::Known(form);
        }
        // Short words are near to each other without being misspelt, and so are words of two languages.
        let typed = typed.to_lowercase();
        let is_near = |form: &&Form| strsim::damerau_levenshtein(&typed, &form.name) <= 2;
        let close = self.forms.iter().filter(|_| typed.chars().count() > 6).find(is_near);
        close.map_or(Lookup::Other, Lookup::Misspelt)
    }

    /// What is known of a legal form, by its name or another way to write it.
    #[must_use]
    pub fn known_form(&self, typed: &str) -> Option<&Form> {
        match self.form(typed) {
            Lookup::Known(form) => Some(form),
            Lookup::Other | Lookup::Misspelt(_) => None,
        }
    }

    /// The register of a country, by any of its names.
    pub(super) fn register(&self, country: &str) -> Option<&Register> {
        let country = &self.countries.find(country)?.code;
        self.registers.iter().find(|register| register.countries.contains(country))
    }

    /// What to know of a client with this name before a contract is made for it.
    #[must_use]
    pub fn own_model(&self, name: &str) -> Option<&OwnModel> {
        self.models.iter().find(|model| model.name.is_match(name))
    }
}

impl Register {
    /// Whether a number has this register's form.
    pub(super) fn takes(&self, number: &str) -> bool {
        self.pattern.is_match(number)
    }

    /// Whether it is the Dutch one.
    pub(super) fn is_dutch(&self) -> bool {
        self.is_dutch
    }
}

impl RawKnown {
    fn check(self, check: &mut Checker<'_>, known: &Arc<Countries>) -> Known {
        let mut forms = Vec::new();
        for (id, raw) in self.legal_form {
            let name = check.required("name", raw.name, id.span()).unwrap_or_default();
            let also = check.texts("also", raw.also).iter().map(|name| fold(name)).collect();
            let partner = check.optional("partner", raw.partner);
            let partners = check.optional("partners", raw.partners);
            forms.push(Form {
                id: id.into_inner(),
                name,
                is_person: raw.is_person,
                partner,
                partners,
                also,
            });
        }
        let mut registers = Vec::new();
        for (id, raw) in self.register {
            let name = check.required("name", raw.name, id.span()).unwrap_or_default();
            let example = check.required("example", raw.example, id.span()).unwrap_or_default();
            let countries = raw.countries.unwrap_or_default();
            let countries = countries
                .iter()
                .filter_map(|name| Some(known.check(check, name)?.code.clone()))
                .collect();
            let is_dutch = id.get_ref() == DUTCH;
            let whole = |pattern: &str| format!("^(?:{pattern})$");
            if let Some(pattern) = pattern(check, "pattern", raw.pattern, &id, whole) {
                registers.push(Register { name, example, is_dutch, countries, pattern });
            }
        }
        let mut models = Vec::new();
        for (id, raw) in self.own_model {
            let note = check.required("note", raw.note, id.span()).unwrap_or_default();
            let note_nl = check.optional("note-nl", raw.note_nl);
            if let Some(name) = pattern(check, "name", raw.name, &id, str::to_owned) {
                models.push(OwnModel { name, note, note_nl });
            }
        }
        Known { forms, registers, models, countries: Arc::clone(known) }
    }
}

/// A pattern that must be there; `whole` says what of a text it is of.
fn pattern(
    check: &mut Checker<'_>,
    key: &str,
    typed: Option<Text>,
    id: &Text,
    whole: impl Fn(&str) -> String,
) -> Option<Regex> {
    let span = typed.as_ref().map_or(id.span(), Text::span);
    let typed = check.required(key, typed, id.span())?;
    let built = RegexBuilder::new(&whole(&typed)).case_insensitive(key == "name").build();
    if built.is_err() {
        let wrong = Diagnostic::error(format!("`{}` is not a pattern", typed.escape_debug()))
            .at(check.source, span)
            .hint("patterns are those of the regex crate: https://docs.rs/regex");
        check.problem(wrong);
    }
    built.ok()
}

/// A legal form as it is compared: without dots and blanks, in small letters.
fn fold(form: &str) -> String {
    form.chars().filter(|c| !matches!(c, '.' | ' ')).flat_map(char::to_lowercase).collect()
}
