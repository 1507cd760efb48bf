//! The countries that a sub-processor can be in, `countries.toml`: their names, and on what ground personal data
//! may go there (art. 44-49 GDPR).

use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDate;
use indexmap::IndexMap;
use serde::Deserialize;

use crate::diagnostic::{Diagnostic, Problems, Source};
use crate::input::{self, Checker, Date, Spanned, Text};

/// All countries that are known.
#[derive(Debug, Default)]
pub struct Countries {
    all: Vec<Country>,
    /// Where each name and code is among them, in small letters.
    by_name: HashMap<String, usize>,
}

/// A country, or an organisation of countries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Country {
    /// Its code, as ISO 3166 has it: `BE`.
    pub code: String,
    /// Its name in Dutch.
    pub nl: String,
    /// The article before its Dutch name within a sentence: `de`.
    pub article: Option<String>,
    /// Its name in English.
    pub en: String,
    /// Its name in German.
    pub de: String,
    /// Further names that are recognised.
    pub also: Vec<String>,
    /// Whether it is in the European Economic Area.
    pub is_in_eea: bool,
    /// Whether it is an organisation of countries, in which nobody is established.
    pub is_organisation: bool,
    /// The adequacy decision on it (art. 45 GDPR).
    pub adequacy: Option<Adequacy>,
}

/// An adequacy decision of the European Commission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adequacy {
    /// What it is called, in the contract's language.
    pub decision: String,
    /// The day it was made.
    pub date: NaiveDate,
    /// What it is limited to, in the contract's language.
    pub scope: Option<String>,
    /// Whether it covers only organisations that are certified under the Data Privacy Framework.
    pub is_framework: bool,
    /// Where to read it.
    pub source: String,
    /// The day on which somebody compared the entry with the Commission's list; nobody did without it.
    pub verified: Option<NaiveDate>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCountries {
    #[serde(default)]
    eea: Vec<Text>,
    #[serde(default)]
    adequacy: IndexMap<Text, RawAdequacy>,
    #[serde(default)]
    country: IndexMap<Text, RawNames>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawNames {
    nl: Option<Text>,
    article: Option<Text>,
    en: Option<Text>,
    de: Option<Text>,
    #[serde(default)]
    also: Vec<Text>,
    #[serde(default)]
    organisation: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAdequacy {
    decision: Option<Text>,
    date: Option<Date>,
    scope: Option<Text>,
    framework: Option<Text>,
    source: Option<Text>,
    verified: Option<Date>,
}

impl Countries {
    /// Reads `countries.toml`.
    ///
    /// # Errors
    ///
    /// All problems of the file.
    pub fn read(source: &Arc<Source>) -> Result<Self, Problems> {
        let whole = 0..source.text.len();
        input::toml(source, whole, |raw: RawCountries, check| Some(raw.check(check)))
    }

    /// The country of this name in any of its languages, or of this code; letter case does not count.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Country> {
        self.all.get(*self.by_name.get(&name.to_lowercase())?)
    }

    /// The name that a text is most likely a misspelling of. Short words are near to each other without that.
    #[must_use]
    pub fn misspelt(&self, name: &str) -> Option<&str> {
        let is_near = |known: &&str| strsim::damerau_levenshtein(name, known) <= 2;
        let mut names = self.all.iter().flat_map(Country::names);
        if name.chars().count() > 5 { names.find(is_near) } else { None }
    }

    /// The names of all countries in Dutch.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.all.iter().map(|country| country.nl.as_str())
    }

    /// The country that a text names.
    pub fn check(&self, check: &mut Checker<'_>, name: &Text) -> Option<&Country> {
        let found = self.find(name.get_ref());
        if found.is_none() {
            let shown = name.get_ref().escape_debug();
            let unknown = Diagnostic::error(format!("`{shown}` is not a country that is known"))
                .at(check.source, name.span());
            let close: Vec<&str> = self.all.iter().flat_map(Country::names).collect();
            check.problem(match crate::diagnostic::closest(name.get_ref(), &close) {
                Some(close) => unknown.hint(format!("did you mean `{close}`?")),
                None => unknown.hint(
                    "write its name in Dutch, English or German, as clauses/countries.toml has it",
                ),
            });
        }
        found
    }
}

impl Country {
    /// Its name in a language of contracts.
    #[must_use]
    pub fn name(&self, language: &str) -> &str {
        if language == "nl" { &self.nl } else { &self.en }
    }

    /// The article before that name within a sentence.
    #[must_use]
    pub fn article(&self, language: &str) -> Option<&str> {
        if language == "nl" { self.article.as_deref() } else { None }
    }

    /// All its names, and its code.
    fn names(&self) -> impl Iterator<Item = &str> {
        let names = [&self.nl, &self.en, &self.de, &self.code].into_iter().chain(&self.also);
        names.map(String::as_str)
    }
}

impl RawCountries {
    fn check(self, check: &mut Checker<'_>) -> Countries {
        let codes: Vec<&str> = self.country.keys().map(|code| code.get_ref().as_str()).collect();
        let eea = check.ids("country", &self.eea, &codes);
        let adequacy_codes: Vec<Text> = self
            .adequacy
            .keys()
            .map(|code| Spanned::new(code.span(), code.get_ref().clone()))
            .collect();
        check.ids("country", &adequacy_codes, &codes);
        let mut decisions: IndexMap<String, Adequacy> = self
            .adequacy
            .into_iter()
            .filter_map(|(code, raw)| Some((code.get_ref().clone(), raw.check(check, &code)?)))
            .collect();
        let mut countries = Countries::default();
        for (code, raw) in self.country {
            let table = code.span();
            let mut name = |key: &str, name: Option<Text>| {
                check.required(key, name, table.clone()).unwrap_or_default()
            };
            let (nl, en, de) = (name("nl", raw.nl), name("en", raw.en), name("de", raw.de));
            let article = check.optional("article", raw.article);
            let also = check.texts("also", Some(raw.also));
            let code = code.into_inner();
            let adequacy = decisions.shift_remove(&code);
            let is_in_eea = eea.contains(&code);
            let country = Country {
                code,
                nl,
                article,
                en,
                de,
                also,
                is_in_eea,
                is_organisation: raw.organisation,
                adequacy,
            };
            let number = countries.all.len();
            for name in country.names() {
                if let Some(other) = countries.find(name) {
                    let twice = format!(
                        "`{name}` names two countries: {} and {}",
                        other.code, country.code
                    );
                    check.problem(
                        Diagnostic::error(twice)
                            .at(check.source, table.clone())
                            .hint("take the name away at one of them"),
                    );
                }
            }
            for name in country.names() {
                countries.by_name.entry(name.to_lowercase()).or_insert(number);
            }
            countries.all.push(country);
        }
        countries
    }
}

impl RawAdequacy {
    fn check(self, check: &mut Checker<'_>, code: &Text) -> Option<Adequacy> {
        let table = code.span();
        if self.date.is_none() {
            check.missing("date", table.clone(), "add the day of the decision: date = 2019-01-23");
        }
        let framework = self.framework.and_then(|name| check.id("framework", &name, &["dpf"]));
        let decision = check.required("decision", self.decision, table.clone());
        let date = check.date("date", self.date);
        let scope = check.optional("scope", self.scope);
        let source = check.required("source", self.source, table);
        let verified = check.date("verified", self.verified);
        Some(Adequacy {
            decision: decision?,
            date: date?,
            scope,
            is_framework: framework.is_some(),
            source: source?,
            verified,
        })
    }
}
