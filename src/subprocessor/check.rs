//! Checking a sub-processor: each key, and what permits the transfer to it.

use std::ops::Range;

use super::checked::{Subprocessor, Transfer};
use super::typed::{RawBasis, RawSubprocessor, RawTransfer};
use crate::countries::{Countries, Country};
use crate::diagnostic::{Diagnostic, List};
use crate::input::{Checker, Spanned, Text};
use crate::party::is_email;

/// Which keys must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// All: the processor knows its own sub-processors.
    All,
    /// As older client files have them: without address, contact and day, which the check reports.
    Some,
}

/// The grounds, with the form in which each is typed.
const BASES: [(&str, &str); 5] = [
    ("adequacy", "{ basis = \"adequacy\" }"),
    ("dpf", "{ basis = \"dpf\", checked = 2026-10-01 }"),
    ("scc", "{ basis = \"scc\", module = 3 }"),
    ("bcr", "{ basis = \"bcr\" }"),
    ("derogation", "{ basis = \"derogation\", why = \"…\" }"),
];

/// The names of the grounds.
pub const BASIS_NAMES: [&str; 5] = ["adequacy", "dpf", "scc", "bcr", "derogation"];

/// Whether this ground fits the country.
fn fits(basis: &str, country: &Country) -> bool {
    match (basis, &country.adequacy) {
        ("adequacy", decision) => decision.as_ref().is_some_and(|it| !it.is_framework),
        ("dpf", decision) => decision.as_ref().is_some_and(|it| it.is_framework),
        _ => true,
    }
}

/// The forms of those grounds that fit the country: `{ basis = "scc", module = 3 }`.
#[must_use]
pub fn forms(country: &Country) -> Vec<&'static str> {
    BASES.iter().filter(|(basis, _)| fits(basis, country)).map(|(_, form)| *form).collect()
}

/// Forms as one writes them: `transfer = …`, one or another.
fn listed(forms: &[&str]) -> String {
    let forms: Vec<String> = forms.iter().map(|form| format!("transfer = {form}")).collect();
    let forms: Vec<&str> = forms.iter().map(String::as_str).collect();
    List(&forms, "or").to_string()
}

impl RawSubprocessor {
    /// Checks every key; `table` is where it stands in the file, `categories` are the ids that it may name.
    pub fn check(
        self,
        check: &mut Checker<'_>,
        table: &Range<usize>,
        asked: Asked,
        categories: &[&str],
        countries: &Countries,
    ) -> Option<Subprocessor> {
        let is_asked = asked == Asked::All;
        let name = check.required("name", self.name, table.clone());
        let address = check_text(check, "address", self.address, table, is_asked);
        if self.country.is_none() {
            check.missing("country", table.clone(), "add `country = \"…\"`");
        }
        let country = self.country.as_ref().and_then(|name| countries.check(check, name));
        if is_asked && self.contact.is_none() {
            let hint = "add an e-mail address, a person or a page: `contact = \"…\"`";
            check.missing("contact", table.clone(), hint);
        }
        let contact = self.contact.and_then(|contact| check_contact(check, contact));
        let category = self.category.map(|id| (id.span(), vec![id]));
        let typed = renamed(check, ("category", "categories"), category, self.categories);
        if is_asked && typed.as_ref().is_none_or(Vec::is_empty) {
            check.missing("categories", table.clone(), "add `categories = [\"…\"]`");
        }
        let typed = typed.unwrap_or_default();
        let categories = check.ids("category of sub-processors", &typed, categories);
        let purpose = self.purpose.map(|purpose| (purpose.span(), purpose));
        let processing = renamed(check, ("purpose", "processing"), purpose, self.processing);
        let processing = check.required("processing", processing, table.clone());
        if is_asked && self.since.is_none() {
            check.missing("since", table.clone(), "add the day: `since = 2026-01-01`");
        }
        let since = check.date("since", self.since);
        let transfer = check_transfer(check, self.transfer, country, table);
        Some(Subprocessor {
            name: name?,
            address,
            country: country?.clone(),
            contact,
            categories,
            processing: processing?,
            since,
            transfer: transfer?,
        })
    }
}

fn check_text(
    check: &mut Checker<'_>,
    key: &str,
    text: Option<Text>,
    table: &Range<usize>,
    is_asked: bool,
) -> Option<String> {
    if is_asked { check.required(key, text, table.clone()) } else { check.optional(key, text) }
}

/// The value of a key that was called otherwise before, which is noted.
fn renamed<T>(
    check: &mut Checker<'_>,
    (old, new): (&str, &str),
    before: Option<(Range<usize>, T)>,
    now: Option<T>,
) -> Option<T> {
    let Some((at, value)) = before else {
        return now;
    };
    if now.is_some() {
        let twice = Diagnostic::error(format!("`{old}` and `{new}` are the same key"));
        check.problem(twice.at(check.source, at).hint(format!("take `{old}` away")));
        return now;
    }
    let message = format!("`{old}` of a sub-processor is now called `{new}`");
    check.note(Diagnostic::warning(message).at(check.source, at).hint(format!("write `{new}`")));
    Some(value)
}

/// An e-mail address, a page, or else a person by name.
fn check_contact(check: &mut Checker<'_>, contact: Text) -> Option<String> {
    let span = contact.span();
    let value = check.text("contact", contact)?;
    let is_page = value.starts_with("https://") || value.starts_with("http://");
    if is_page || !value.contains('@') || value.contains(' ') || is_email(&value) {
        return Some(value);
    }
    let wrong = Diagnostic::error(format!("`{value}` is not an e-mail address"))
        .at(check.source, span)
        .hint(
            "write it as name@example.nl, or name a person or a page: https://example.nl/privacy",
        );
    check.problem(wrong);
    None
}

/// The ground of a transfer: none inside the European Economic Area, one that fits the country outside. `None` if
/// something is wrong.
#[expect(clippy::option_option, reason = "the outer one is whether the value is in order")]
fn check_transfer(
    check: &mut Checker<'_>,
    transfer: Option<Spanned<RawTransfer>>,
    country: Option<&Country>,
    table: &Range<usize>,
) -> Option<Option<Transfer>> {
    let Some(raw) = transfer else {
        if let Some(country) = country.filter(|country| !country.is_in_eea) {
            let message = format!("`transfer` is missing: `{}` is outside the EEA", country.nl);
            if !check.entries_lost {
                let missing = Diagnostic::error(message).at(check.source, table.clone());
                check.problem(
                    missing.hint(format!("say on what ground: {}", listed(&forms(country)))),
                );
            }
            return None;
        }
        return Some(None);
    };
    let span = raw.span();
    let wrong = |message: String| Diagnostic::error(message).at(check.source, span.clone());
    let problem = match (raw.into_inner(), country) {
        (_, Some(country)) if country.is_in_eea => {
            wrong(format!("`transfer` is not needed: `{}` is inside the EEA", country.nl))
                .hint("take it away")
        }
        (RawTransfer::Text, country) => {
            let all = BASES.map(|(_, form)| form);
            let forms = listed(&country.map_or_else(|| all.to_vec(), forms));
            wrong("`transfer` is a text; the ground of a transfer is typed".to_owned())
                .hint(format!("write {forms}"))
        }
        (RawTransfer::Typed(basis), country) => {
            return basis.check(check, &span, country).map(Some);
        }
    };
    check.problem(problem);
    None
}

impl RawBasis {
    fn check(
        self,
        check: &mut Checker<'_>,
        table: &Range<usize>,
        country: Option<&Country>,
    ) -> Option<Transfer> {
        if self.basis.is_none() {
            check.missing("basis", table.clone(), "add `basis = \"scc\"`, or another ground");
        }
        let typed = self.basis?;
        let basis = check.id("ground of a transfer", &typed, &BASIS_NAMES)?;
        if let Some(country) = country
            && !fits(&basis, country)
        {
            let message = format!("`{basis}` is no ground for a transfer to `{}`", country.nl);
            let wrong = Diagnostic::error(message).at(check.source, typed.span());
            check.problem(wrong.hint(format!("those that fit: {}", listed(&forms(country)))));
            return None;
        }
        let form = BASES.iter().find(|(name, _)| *name == basis).map_or("", |(_, form)| form);
        let extra = [
            ("checked", "dpf", self.checked.as_ref().map(Spanned::span)),
            ("module", "scc", self.module.as_ref().map(Spanned::span)),
            ("why", "derogation", self.why.as_ref().map(Spanned::span)),
        ];
        for (key, belongs_to, span) in extra {
            match span {
                Some(span) if basis != belongs_to => {
                    let message = format!("`{key}` does not belong to `{basis}`");
                    let wrong = Diagnostic::error(message).at(check.source, span);
                    check.problem(wrong.hint(format!("write transfer = {form}")));
                }
                None if basis == belongs_to => {
                    check.missing(key, table.clone(), &format!("write transfer = {form}"));
                }
                _ => {}
            }
        }
        Some(match &*basis {
            "adequacy" => Transfer::Adequacy,
            "dpf" => Transfer::Dpf(check.date("checked", self.checked)?),
            "scc" => Transfer::Scc(check_module(check, &self.module?)?),
            "bcr" => Transfer::Bcr,
            _ => Transfer::Derogation(check.reason("why", self.why?)?),
        })
    }
}

/// Between a processor and its sub-processor it is module 3.
fn check_module(check: &mut Checker<'_>, module: &Spanned<i64>) -> Option<u8> {
    let number = *module.get_ref();
    if number == 3 {
        return Some(3);
    }
    let wrong = Diagnostic::error(format!("module {number} is not between processors: `{number}`"))
        .at(check.source, module.span())
        .hint(
            "from a processor to its sub-processor it is module 3: { basis = \"scc\", module = 3 }",
        );
    check.problem(wrong);
    None
}
