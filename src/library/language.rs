//! The languages that a contract can be in: what hyphenation, dates and the layout's words follow.

use chrono::{Locale, NaiveDate};

/// A language of the contract.
#[derive(Debug, Clone, Copy)]
pub struct Language {
    /// ISO 639-1 code.
    pub code: &'static str,
    /// The word between the names of two documents in one file: `met`.
    pub with: &'static str,
    locale: Locale,
}

impl Language {
    /// All there are.
    pub const ALL: [Self; 2] = [
        Self { code: "nl", with: "met", locale: Locale::nl_NL },
        Self { code: "en", with: "with", locale: Locale::en_GB },
    ];

    /// A day as running text has it: `12 juni 2026`.
    #[must_use]
    pub fn date(&self, day: NaiveDate) -> String {
        day.format_localized("%-d %B %Y", self.locale).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_out_in_the_language() {
        let day = NaiveDate::from_ymd_opt(2026, 6, 2).unwrap();
        let written: Vec<String> =
            Language::ALL.iter().map(|language| language.date(day)).collect();
        assert_eq!(written, ["2 juni 2026", "2 June 2026"]);
    }
}
