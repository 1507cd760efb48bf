//! `contract.toml`: the contract as a table of contents, and the processor's details.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use super::brand::{Brand, RawBrand};
use super::files::Files;
use super::language::Language;
use super::places::{self, PROCESSOR};
use super::version::{self, RawVersion, TextVersion};
use crate::diagnostic::{Diagnostic, Problems, Severity, Source};
use crate::input::{self, Checker, Spanned, Text};
use crate::party::{Known, Party, RawParty};
use crate::schema;
use crate::terms::{RawTimeLimits, TimeLimits};

/// A `contract.toml` whose every value is in order.
#[derive(Debug)]
pub struct Contents {
    /// The file that it was read from.
    pub source: Arc<Source>,
    /// The version of this text.
    pub version: TextVersion,
    /// The language of the text.
    pub language: Language,
    /// The layout that sets it.
    pub layout: Text,
    /// The title on the cover.
    pub title: String,
    /// The line below it, with its places: [`Contents::subtitle_for`] fills them in.
    pub subtitle: Option<String>,
    /// The words of `{scope}`.
    pub scope: Vec<String>,
    /// Whether the paragraphs of articles have numbers.
    pub paragraph_numbers: bool,
    /// The middle of a PDF's file name.
    pub file_name: String,
    /// The ids of the articles, in order.
    pub articles: Vec<Text>,
    /// The ids of the annexes, in order.
    pub annexes: Vec<Text>,
    /// Who processes the data.
    pub processor: Party,
    /// The times that the owner set for all contracts.
    pub terms: TimeLimits,
    /// The owner's colours.
    pub brand: Brand,
    /// From which level on a finding of the check stops a contract from being made; none by default.
    pub deny: Option<Severity>,
    /// The findings that the owner accepts.
    pub accept: Vec<Accept>,
}

/// A finding of the check that the owner accepts.
#[derive(Debug)]
pub struct Accept {
    /// Its code.
    pub code: Text,
    /// The part of the library that it is in: `articles/security`.
    pub place: Text,
    /// Why it is accepted.
    pub reason: String,
}

// The remarks on the keys are what editors show, by way of `dpa-gen schema`: Dutch, then English.

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawContents {
    /// Datum van deze tekst, zonder aanhalingstekens; nieuw bij elke wijziging van de tekst. De tweede van een dag is "2026-06-12b".
    ///
    /// The date of this text, without quotes; a new one with each change of the text. The second of a day is "2026-06-12b".
    #[schemars(required)]
    version: Option<Spanned<RawVersion>>,
    /// Taal van de contracttekst.
    ///
    /// The language of the contract text.
    #[schemars(required, extend("x-ids" = "language"))]
    language: Option<Text>,
    /// Map onder layouts/ met de vormgeving.
    ///
    /// The folder under layouts/ that gives the document its look.
    #[schemars(required)]
    layout: Option<Text>,
    /// Titel op het voorblad.
    ///
    /// The title on the cover.
    #[schemars(required)]
    title: Option<Text>,
    /// Regel onder de titel.
    ///
    /// The line under the title.
    subtitle: Option<Text>,
    /// Woorden op de plaats van {scope} in de regel onder de titel; een contract noemt alleen wat de klant afneemt.
    ///
    /// The words in the place of {scope} in the line under the title; a contract names only what the client takes.
    scope: Option<Spanned<Vec<Text>>>,
    /// Of de leden van artikelen genummerd zijn: 1.1, 1.2; true als de sleutel ontbreekt.
    ///
    /// Whether the paragraphs of articles have numbers: 1.1, 1.2; true where it is left out.
    paragraph_numbers: Option<bool>,
    /// Middelste deel van de bestandsnaam van een PDF: letters, cijfers, streepjes.
    ///
    /// The middle of a PDF's name: letters, digits, hyphens.
    #[schemars(required, regex(pattern = FILE_NAME))]
    file_name: Option<Text>,
    /// De artikelen op volgorde: "parties" is articles/parties.typ.
    ///
    /// The articles, in their order.
    #[schemars(required, length(min = 1), extend("x-ids" = "clause"))]
    articles: Option<Vec<Text>>,
    /// De bijlagen op volgorde: bestanden in annexes/.
    ///
    /// The annexes, in their order: files in annexes/.
    #[serde(default)]
    #[schemars(extend("x-ids" = "clause"))]
    annexes: Vec<Text>,
    /// De verwerker; `kvk` of `register`, `email` en `website` zijn verplicht.
    ///
    /// The processor; `kvk` or `register`, `email` and `website` must be there.
    #[schemars(required, extend("required" = ["name", "email", "website"],
        "oneOf" = [{ "required": ["kvk"] }, { "required": ["register"] }]))]
    processor: Option<Spanned<RawParty>>,
    /// Termijnen: elk voegt een zin aan zijn artikel toe.
    ///
    /// Times: each adds its sentence to its article.
    #[serde(default)]
    terms: RawTimeLimits,
    /// De huisstijl.
    ///
    /// The owner's own look.
    #[serde(default)]
    #[schemars(extend("dependencies" = { "logo": ["logo-alt"], "logo-alt": ["logo"] }))]
    brand: RawBrand,
    /// Wat de controle van een contract tegenhoudt.
    ///
    /// What the check of a contract stops.
    #[serde(default)]
    check: RawCheck,
    /// Een bevinding die de jurist laat staan, met de reden: `[[accept]]`.
    ///
    /// A finding that the lawyer lets stand, and why: `[[accept]]`.
    #[serde(default)]
    accept: Vec<Spanned<RawAccept>>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RawCheck {
    /// Vanaf welk niveau een bevinding een contract tegenhoudt: error, warning of advice.
    ///
    /// From which level on a finding stops a contract: error, warning or advice.
    #[schemars(regex(pattern = "^(error|warning|advice)$"))]
    deny: Option<Text>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RawAccept {
    /// De code van de bevinding.
    ///
    /// The finding's code.
    #[schemars(required)]
    code: Option<Text>,
    /// Het deel van de bibliotheek waar zij staat: articles/liability.
    ///
    /// The part of the library that it is in: articles/liability.
    #[schemars(required)]
    place: Option<Text>,
    /// Waarom zij mag blijven staan.
    ///
    /// Why it may stand.
    #[schemars(required)]
    reason: Option<Text>,
}

/// Letters, digits and hyphens, written as what is neither: ECMA-262, Rust and Python name letters each in
/// another way.
const FILE_NAME: &str =
    r"^[^\u0000-,./:-@\[-`{-\u00A9\u00AB-\u00B1\u00B4\u00B6-\u00B8\u00BB\u00BF\u00D7\u00F7\s]+$";

impl Contents {
    /// Reads `contract.toml`; `files` are those beside it, `known` is what is known of parties.
    ///
    /// # Errors
    ///
    /// All problems of the file.
    pub fn read(source: &Arc<Source>, files: &Files, known: &Known) -> Result<Self, Problems> {
        let whole = 0..source.text.len();
        input::toml(source, whole, |raw: RawContents, check| raw.check(check, files, known))
    }

    /// The line under the title of a contract that covers this.
    #[must_use]
    pub fn subtitle_for(&self, scope: &[String]) -> Option<String> {
        let scope = match scope {
            [] => String::new(),
            [only] => only.clone(),
            [first @ .., last] => format!("{} {} {last}", first.join(", "), self.language.and),
        };
        let name = self.processor.short_name.as_deref().unwrap_or(&self.processor.name);
        let fillings = [(PROCESSOR, name), (SCOPE, scope.as_str())];
        self.subtitle.as_ref().map(|text| places::fill(text, &fillings))
    }

    /// The JSON Schema of `contract.toml`. Clauses and layouts are files, and may be named before they are
    /// written: only the form of their ids counts.
    #[must_use]
    pub fn schema() -> Value {
        let languages = Language::ALL.map(|language| language.code);
        let mut schema = schema::of::<RawContents>(&[("language", &languages), ("clause", &[])]);
        // A party of either side is typed alike, but for what a client alone has.
        if let Some(processor) = schema["properties"]["processor"]["properties"].as_object_mut() {
            processor.retain(|key, _| !["capacity", "controllers"].contains(&key.as_str()));
        }
        schema
    }
}

impl RawContents {
    fn check(self, check: &mut Checker<'_>, files: &Files, known: &Known) -> Option<Contents> {
        for (key, is_missing, example) in [
            ("version", self.version.is_none(), "version = 2026-06-12"),
            ("language", self.language.is_none(), "language = \"nl\""),
            ("layout", self.layout.is_none(), "layout = \"standard\""),
            ("file-name", self.file_name.is_none(), "file-name = \"verwerkersovereenkomst\""),
            ("[processor]", self.processor.is_none(), "[processor]` and below it `name = \"…\""),
        ] {
            if is_missing {
                check.missing(key, 0..0, &format!("add `{example}`"));
            }
        }
        let version = self.version.and_then(|version| version::check(check, &version));
        let language = self.language.and_then(|code| check_language(check, &code));
        for (text, known) in
            [(&self.title, &[PROCESSOR][..]), (&self.subtitle, &[PROCESSOR, SCOPE])]
        {
            if let Some(text) = text {
                places::check(check, text, known);
            }
        }
        let title = check.required("title", self.title, 0..0);
        let subtitle = check.optional("subtitle", self.subtitle);
        let scope = check_scope(check, self.scope, subtitle.as_deref());
        let file_name = self.file_name.and_then(|name| check_file_name(check, &name));
        let articles = self.articles.unwrap_or_default();
        if articles.is_empty() {
            check.missing("articles", 0..0, "list at least one: `articles = [\"…\"]`");
        }
        check_list(check, "articles", "article", &articles, files);
        check_list(check, "annexes", "annex", &self.annexes, files);
        let processor = self.processor.and_then(|processor| {
            let table = processor.span();
            // Without one of these, a sentence of the contract would have a hole.
            for (key, hint) in processor.get_ref().missing_details() {
                check.missing(key, table.clone(), hint);
            }
            let code = language.as_ref().map_or("", |language| language.code);
            let party = processor.into_inner().check_processor(check, table, known, code)?;
            let short_name = party.short_name.clone().unwrap_or_else(|| party.name.clone());
            Some(Party { short_name: Some(short_name), ..party })
        });
        let terms = self.terms.check(check, TimeLimits::default());
        let short_name = processor.as_ref().and_then(|party| party.short_name.clone());
        let short_name = short_name.unwrap_or_default();
        let brand = self.brand.check(check, files);
        let deny = self.check.deny.and_then(|level| check_level(check, &level));
        let accept = self.accept.into_iter().filter_map(|raw| check_accept(check, raw)).collect();
        Some(Contents {
            source: Arc::clone(check.source),
            version: version?,
            language: language?,
            layout: self.layout?,
            title: places::fill(&title?, &[(PROCESSOR, &short_name)]),
            subtitle,
            scope,
            paragraph_numbers: self.paragraph_numbers.unwrap_or(true),
            file_name: file_name?,
            articles,
            annexes: self.annexes,
            processor: processor?,
            terms,
            brand: brand?,
            deny,
            accept,
        })
    }
}

/// The place in the subtitle for what the contract covers.
pub const SCOPE: &str = "scope";

/// The words of `{scope}`: there if the subtitle has that place, and only then.
fn check_scope(
    check: &mut Checker<'_>,
    words: Option<Spanned<Vec<Text>>>,
    subtitle: Option<&str>,
) -> Vec<String> {
    let has_place = subtitle.is_some_and(|text| places::has(text, SCOPE));
    match words {
        None if has_place => {
            check.missing("scope", 0..0, "`{scope}` in `subtitle` needs words: `scope = [\"…\"]`");
        }
        Some(words) if !has_place => {
            let unused = Diagnostic::error("`scope` is not used").at(check.source, words.span());
            check.problem(unused.hint("write `{scope}` into `subtitle`, or take `scope` away"));
        }
        Some(words) => {
            check.not_empty("scope", words.get_ref(), words.span());
            return check.texts("scope", Some(words.into_inner()));
        }
        None => {}
    }
    Vec::new()
}

/// Each id once, each with its file.
fn check_list(check: &mut Checker<'_>, folder: &str, what: &str, ids: &[Text], files: &Files) {
    let prefix = format!("{folder}/");
    let known: Vec<&str> =
        files.paths().filter_map(|path| path.strip_prefix(&prefix)?.strip_suffix(".typ")).collect();
    for id in check.ids(what, ids, &known) {
        let is_kebab =
            id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        let is_reserved = id.starts_with("annex-") || id.starts_with("dpa-") || id == "agreed";
        if (!is_kebab || is_reserved)
            && let Some(text) = ids.iter().find(|text| *text.get_ref() == id)
        {
            let wrong = Diagnostic::error(format!("`{id}` is not an id"))
                .at(check.source, text.span())
                .hint("an id is in lower-case letters, digits and hyphens, and not `agreed`, `annex-…` or `dpa-…`");
            check.problem(wrong);
        }
    }
}

fn check_language(check: &mut Checker<'_>, code: &Text) -> Option<Language> {
    let known = Language::ALL.map(|language| language.code);
    let code = check.id("language", code, &known)?;
    Language::ALL.into_iter().find(|language| language.code == code)
}

fn check_level(check: &mut Checker<'_>, level: &Text) -> Option<Severity> {
    let levels = [Severity::Error, Severity::Warning, Severity::Advice];
    let name = check.id("level", level, &levels.map(Severity::word))?;
    levels.into_iter().find(|level| level.word() == name)
}

fn check_accept(check: &mut Checker<'_>, raw: Spanned<RawAccept>) -> Option<Accept> {
    let table = raw.span();
    let raw = raw.into_inner();
    for (key, value) in [("code", &raw.code), ("place", &raw.place)] {
        if value.is_none() {
            check.missing(key, table.clone(), &format!("add `{key} = \"…\"`"));
        }
    }
    let reason = check.required("reason", raw.reason, table)?;
    Some(Accept { code: raw.code?, place: raw.place?, reason })
}

/// The middle of a file name: letters, digits, hyphens.
fn check_file_name(check: &mut Checker<'_>, name: &Text) -> Option<String> {
    let value = name.get_ref();
    if !value.is_empty() && value.chars().all(|c| c.is_alphanumeric() || c == '-') {
        return Some(value.clone());
    }
    let wrong =
        Diagnostic::error(format!("`{}` cannot be part of a file name", value.escape_debug()))
            .at(check.source, name.span())
            .hint("use letters, digits and hyphens");
    check.problem(wrong);
    None
}
