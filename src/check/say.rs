//! What is said of findings, in Dutch and in English; the words are data, `messages.toml`.

use std::fmt::Display;
use std::sync::LazyLock;

use indexmap::IndexMap;
use serde::Deserialize;

/// The language in which findings are reported.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Dutch.
    Nl,
}

/// A text in both languages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Said {
    /// In English.
    pub en: String,
    /// In Dutch.
    pub nl: String,
}

impl Said {
    /// A text that is the same in both.
    #[must_use]
    pub fn same(text: &str) -> Self {
        Self { en: text.to_owned(), nl: text.to_owned() }
    }

    /// A text that may have no Dutch of its own: then it is the English one.
    #[must_use]
    pub fn or_english(en: &str, nl: Option<&str>) -> Self {
        Self { en: en.to_owned(), nl: nl.unwrap_or(en).to_owned() }
    }

    /// The text in one language.
    #[must_use]
    pub fn in_lang(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.en,
            Lang::Nl => &self.nl,
        }
    }

    /// Texts one after the other, with another between them.
    #[must_use]
    pub fn joined(texts: &[Self], between: &Self) -> Self {
        let en: Vec<&str> = texts.iter().map(|text| text.en.as_str()).collect();
        let nl: Vec<&str> = texts.iter().map(|text| text.nl.as_str()).collect();
        Self { en: en.join(&between.en), nl: nl.join(&between.nl) }
    }

    /// Fills in a place: `{name}`.
    #[must_use]
    pub fn with(mut self, name: &str, value: &Self) -> Self {
        let place = format!("{{{name}}}");
        self.en = self.en.replace(&place, &value.en);
        self.nl = self.nl.replace(&place, &value.nl);
        self
    }
}

impl From<&str> for Said {
    fn from(text: &str) -> Self {
        Self::same(text)
    }
}

impl From<String> for Said {
    fn from(text: String) -> Self {
        Self::same(&text)
    }
}

static MESSAGES: LazyLock<IndexMap<String, Said>> = LazyLock::new(|| {
    toml::from_str(include_str!("messages.toml")).expect("messages.toml is in order")
});

/// A message with its places filled in: `{name}`.
///
/// # Panics
///
/// If there is no such message: a test holds that each key in use is there.
#[must_use]
pub fn say(key: &str, values: &[(&str, &dyn Display)]) -> Said {
    let mut said = MESSAGES.get(key).unwrap_or_else(|| panic!("no message `{key}`")).clone();
    for (name, value) in values {
        said = said.with(name, &Said::same(&value.to_string()));
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_the_same_places() {
        let place = regex::Regex::new(r"\{[a-z-]+\}").unwrap();
        for (key, said) in &*MESSAGES {
            let places = |text: &str| {
                let mut found: Vec<String> =
                    place.find_iter(text).map(|found| found.as_str().to_owned()).collect();
                found.sort();
                found
            };
            assert_eq!(places(&said.en), places(&said.nl), "{key}");
            assert!(!said.en.is_empty() && !said.nl.is_empty(), "{key}");
        }
    }
}
