//! `contract.toml`: the contract as a table of contents, and the processor's details.

use std::path::Path;
use std::sync::Arc;

use chrono::NaiveDate;
use serde::Deserialize;
use toml::Spanned;

use super::files::Files;
use super::language::Language;
use crate::diagnostic::{Diagnostic, Severity, Source};
use crate::input::{self, Checker, Date, Text};
use crate::party::{Party, RawParty};
use crate::terms::{RawTerms, Terms};

/// A `contract.toml` whose every value is in order.
#[derive(Debug)]
pub struct Contents {
    /// The file that it was read from.
    pub source: Arc<Source>,
    /// The day that this text is of; it names the version.
    pub version: NaiveDate,
    /// The language of the text.
    pub language: Language,
    /// The layout that sets it.
    pub layout: Text,
    /// The title on the cover.
    pub title: String,
    /// The line below it.
    pub subtitle: Option<String>,
    /// The middle of a PDF's file name.
    pub file_name: String,
    /// The ids of the articles, in order.
    pub articles: Vec<Text>,
    /// The ids of the annexes, in order.
    pub annexes: Vec<Text>,
    /// Who processes the data.
    pub processor: Party,
    /// The times that the owner set for all contracts.
    pub terms: Terms,
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

/// The owner's colours.
#[derive(Debug)]
pub struct Brand {
    /// The accent colour, as `#rrggbb`.
    pub accent: String,
    /// The logo on the cover; without one the name stands there.
    pub logo: Option<Logo>,
}

/// A picture on the cover.
#[derive(Debug)]
pub struct Logo {
    /// Its path in the clause library.
    pub path: String,
    /// What it shows, for who cannot see it.
    pub alt: String,
}

/// The accent colour of a library that names none.
const ACCENT: &str = "#1f4e79";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawContents {
    version: Option<Date>,
    language: Option<Text>,
    layout: Option<Text>,
    title: Option<Text>,
    subtitle: Option<Text>,
    file_name: Option<Text>,
    articles: Option<Vec<Text>>,
    #[serde(default)]
    annexes: Vec<Text>,
    processor: Option<Spanned<RawParty>>,
    #[serde(default)]
    terms: RawTerms,
    #[serde(default)]
    brand: RawBrand,
    #[serde(default)]
    check: RawCheck,
    #[serde(default)]
    accept: Vec<Spanned<RawAccept>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCheck {
    deny: Option<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAccept {
    code: Option<Text>,
    place: Option<Text>,
    reason: Option<Text>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawBrand {
    accent: Option<Text>,
    logo: Option<Text>,
    logo_alt: Option<Text>,
}

impl Contents {
    /// Reads `contract.toml`; `files` are those beside it.
    ///
    /// # Errors
    ///
    /// All problems of the file.
    pub fn read(source: &Arc<Source>, files: &Files) -> Result<Self, Vec<Diagnostic>> {
        let whole = 0..source.text.len();
        input::toml(source, whole, |raw: RawContents, check| raw.check(check, files))
    }
}

impl RawContents {
    fn check(self, check: &mut Checker<'_>, files: &Files) -> Option<Contents> {
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
        let version = check.date("version", self.version);
        let language = self.language.and_then(|code| check_language(check, &code));
        let title = check.required("title", self.title, 0..0);
        let subtitle = check.optional("subtitle", self.subtitle);
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
            for key in processor.get_ref().missing_details() {
                check.missing(key, table.clone(), &format!("add `{key} = \"…\"`"));
            }
            processor.into_inner().check(check, table)
        });
        let terms = self.terms.check(check);
        let brand = self.brand.check(check, files);
        let deny = self.check.deny.and_then(|level| check_level(check, &level));
        let accept = self.accept.into_iter().filter_map(|raw| check_accept(check, raw)).collect();
        Some(Contents {
            source: Arc::clone(check.source),
            version: version?,
            language: language?,
            layout: self.layout?,
            title: title?,
            subtitle,
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

impl RawBrand {
    fn check(self, check: &mut Checker<'_>, files: &Files) -> Option<Brand> {
        let accent = match self.accent {
            None => Some(ACCENT.to_owned()),
            Some(accent) => check_colour(check, &accent),
        };
        let logo = match (self.logo, self.logo_alt) {
            (None, None) => None,
            (Some(logo), alt) => {
                let alt = check.required("logo-alt", alt, logo.span());
                check_logo(check, &logo, files);
                Some(Logo { path: logo.into_inner(), alt: alt? })
            }
            (None, Some(alt)) => {
                let unused = Diagnostic::error("`logo-alt` describes a logo that is not there")
                    .at(check.source, alt.span())
                    .hint("add `logo = \"…\"`, or take `logo-alt` away");
                check.problem(unused);
                None
            }
        };
        Some(Brand { accent: accent?, logo })
    }
}

fn check_colour(check: &mut Checker<'_>, colour: &Text) -> Option<String> {
    let value = colour.get_ref();
    let digits = value.strip_prefix('#').unwrap_or_default();
    if digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Some(value.clone());
    }
    let wrong = Diagnostic::error(format!("`{}` is not a colour", value.escape_debug()))
        .at(check.source, colour.span())
        .hint("write it as \"#1f4e79\"");
    check.problem(wrong);
    None
}

fn check_logo(check: &mut Checker<'_>, logo: &Text, files: &Files) {
    let path = logo.get_ref();
    let is_picture = |path: &str| {
        Path::new(path)
            .extension()
            .is_some_and(|extension| extension == "svg" || extension == "png")
    };
    let wrong = if !is_picture(path) {
        Diagnostic::error(format!("`{}` is neither SVG nor PNG", path.escape_debug()))
            .hint("a logo is an .svg or a .png file")
    } else if files.bytes(path).is_none() {
        let pictures = files.paths().filter(|path| is_picture(path));
        Diagnostic::error(format!("there is no file `{}`", path.escape_debug()))
            .hint("put the logo in the folder of contract.toml")
            .suggest(path, pictures)
    } else {
        return;
    };
    check.problem(wrong.at(check.source, logo.span()));
}
