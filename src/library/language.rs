//! The languages that a contract can be in: what hyphenation, dates and the layout's words follow.

use chrono::{Locale, NaiveDate};

/// How many frequent words make it clear which language a text is in.
const CLEARLY: usize = 20;

/// A language of the contract.
#[derive(Debug, Clone, Copy)]
pub struct Language {
    /// ISO 639-1 code.
    pub code: &'static str,
    /// The word between the names of two documents in one file: `met`.
    pub with: &'static str,
    /// The word before the last of a list: `en`.
    pub and: &'static str,
    /// Words that every text in it has many of.
    frequent: [&'static str; 8],
    locale: Locale,
}

impl Language {
    /// All there are.
    pub const ALL: [Self; 2] = [
        Self {
            code: "nl",
            with: "met",
            and: "en",
            frequent: ["de", "het", "een", "van", "en", "voor", "die", "wordt"],
            locale: Locale::nl_NL,
        },
        Self {
            code: "en",
            with: "with",
            and: "and",
            frequent: ["the", "of", "and", "to", "a", "by", "shall", "which"],
            locale: Locale::en_GB,
        },
    ];

    /// The language that these texts are clearly in, if it is another one.
    #[must_use]
    pub fn other<'a>(&self, texts: &(impl Iterator<Item = &'a str> + Clone)) -> Option<Self> {
        let count = |language: &Self| {
            let words = texts.clone().flat_map(|text| text.split(|c: char| !c.is_alphabetic()));
            words.filter(|word| language.frequent.contains(word)).count()
        };
        let own = count(self);
        let others = Self::ALL.into_iter().filter(|language| language.code != self.code);
        let (most, other) = others.map(|other| (count(&other), other)).max_by_key(|(n, _)| *n)?;
        (most >= CLEARLY && most > 3 * own).then_some(other)
    }

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
