//! The language in which findings are reported: as asked for, else that of the user's locale.

use std::env;

use crate::check::{Lang, say};
use crate::diagnostic::Severity;
use crate::ops::FindingCounts;

/// The language that was asked for, else the one of the locale.
pub fn or_locale(asked: Option<Lang>) -> Lang {
    asked.unwrap_or_else(of_locale)
}

/// The first of the variables that say it, as every program reads them.
fn of_locale() -> Lang {
    let variables = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter();
    let mut values = variables.filter_map(env::var_os).filter(|value| !value.is_empty());
    let locale = values.next().unwrap_or_default();
    if locale.to_string_lossy().to_lowercase().starts_with("nl") { Lang::Nl } else { Lang::En }
}

/// A count with its word: `1 error`, `29 warnings`.
pub fn counted(count: usize, what: &str, lang: Lang) -> String {
    let key = if count == 1 { format!("{what}-one") } else { format!("{what}-many") };
    let said = if count == 1 { say(&key, &[]) } else { say(&key, &[("count", &count)]) };
    said.in_lang(lang).to_owned()
}

/// All findings of each level.
pub fn counts(counts: FindingCounts, lang: Lang) -> String {
    let errors = counted(counts.of_level(Severity::Error), "error", lang);
    let warnings = counted(counts.of_level(Severity::Warning), "warning", lang);
    let advice = counts.of_level(Severity::Advice);
    let values: [(&str, &dyn std::fmt::Display); 3] =
        [("errors", &errors), ("warnings", &warnings), ("advice", &advice)];
    say("counts", &values).in_lang(lang).to_owned()
}

/// The findings to look at first.
pub fn worst(counts: FindingCounts, lang: Lang) -> String {
    let errors = counted(counts.of_level(Severity::Error), "error", lang);
    let warnings = counted(counts.of_level(Severity::Warning), "warning", lang);
    say("worst", &[("errors", &errors), ("warnings", &warnings)]).in_lang(lang).to_owned()
}
