//! Finding all entries of a TOML document that serde refuses: it stops at the first, so each entry is read alone.

use std::ops::Range;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeArray, DeString, DeTable, DeValue, Deserializer, Error};

/// What stands around an entry, from the inside out.
#[derive(Clone, Copy)]
enum Around<'a> {
    /// The document itself.
    Document,
    /// A table in which the entry has this key.
    Table { key: &'a Spanned<DeString<'a>>, span: &'a Range<usize>, outer: &'a Around<'a> },
    /// A list.
    List { span: &'a Range<usize>, outer: &'a Around<'a> },
}

impl Around<'_> {
    /// A document with nothing but this value in it.
    fn wrap<'v>(&'v self, value: Spanned<DeValue<'v>>) -> Spanned<DeValue<'v>> {
        match self {
            Self::Document => value,
            Self::Table { key, span, outer } => {
                let mut table = DeTable::new();
                table.insert((*key).clone(), value);
                outer.wrap(Spanned::new((*span).clone(), DeValue::Table(table)))
            }
            Self::List { span, outer } => {
                let items: DeArray<'v> = [value].into_iter().collect();
                outer.wrap(Spanned::new((*span).clone(), DeValue::Array(items)))
            }
        }
    }

    /// What is wrong with a value that stands alone here.
    fn error_in<Raw: DeserializeOwned>(&self, value: &Spanned<DeValue<'_>>) -> Option<Error> {
        let document = self.wrap(value.clone());
        let span = document.span();
        let DeValue::Table(table) = document.into_inner() else {
            return None;
        };
        Raw::deserialize(Deserializer::from(Spanned::new(span, table))).err()
    }
}

/// Removes each entry that `Raw` refuses for its own sake, key or value, and reports why. The time grows with
/// the size of the document alone.
pub fn weed<Raw: DeserializeOwned>(
    document: &mut DeTable<'_>,
    whole: &Range<usize>,
    report: &mut impl FnMut(&Error, Range<usize>),
) {
    weed_table::<Raw>(document, whole, &Around::Document, report);
}

fn weed_table<Raw: DeserializeOwned>(
    table: &mut DeTable<'_>,
    span: &Range<usize>,
    outer: &Around<'_>,
    report: &mut impl FnMut(&Error, Range<usize>),
) {
    let entries = std::mem::take(table).into_iter();
    *table = entries
        .filter_map(|(key, mut value)| {
            let here = Around::Table { key: &key, span, outer };
            let spans = [key.span(), value.span()];
            let is_kept = weed_value::<Raw>(&mut value, &spans, &here, report);
            is_kept.then_some((key, value))
        })
        .collect();
}

/// Whether a value is kept; what is wrong inside it is removed.
fn weed_value<Raw: DeserializeOwned>(
    value: &mut Spanned<DeValue<'_>>,
    own: &[Range<usize>],
    here: &Around<'_>,
    report: &mut impl FnMut(&Error, Range<usize>),
) -> bool {
    let Some(error) = here.error_in::<Raw>(value) else {
        return true;
    };
    if let Some(span) = error.span().filter(|span| own.contains(span)) {
        report(&error, span);
        return false;
    }
    let span = value.span();
    match value.get_mut() {
        DeValue::Table(inner) => weed_table::<Raw>(inner, &span, here, report),
        DeValue::Array(items) => {
            let list = Around::List { span: &span, outer: here };
            let kept = items.iter().cloned().filter_map(|mut item| {
                let own = [item.span()];
                weed_value::<Raw>(&mut item, &own, &list, report).then_some(item)
            });
            let kept: DeArray<'_> = kept.collect();
            *items = kept;
        }
        _ => {}
    }
    true
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Raw {
        names: Option<Vec<String>>,
        inner: Option<Vec<Inner>>,
    }

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        count: Option<u32>,
    }

    /// What is removed from a text, and what is read of the rest.
    fn weeded(text: &str) -> (Vec<&str>, Raw) {
        let mut document = DeTable::parse(text).unwrap().into_inner();
        let whole = 0..text.len();
        let mut removed = Vec::new();
        weed::<Raw>(&mut document, &whole, &mut |_, span| removed.push(&text[span]));
        let rest = Deserializer::from(Spanned::new(whole, document));
        (removed, Raw::deserialize(rest).unwrap())
    }

    #[test]
    fn each_wrong_entry_is_removed_and_the_rest_is_kept() {
        let (removed, rest) = weeded(
            "extra = 1\nnames = [\"a\", 2, \"b\", {c = 3}]\n\
             [[inner]]\ncount = \"x\"\n[[inner]]\ncount = 4\nother = { d = 5 }\n",
        );
        assert_eq!(removed, ["extra", "2", "{c = 3}", "\"x\"", "other"]);
        let inner = vec![Inner { count: None }, Inner { count: Some(4) }];
        let names = vec!["a".to_owned(), "b".to_owned()];
        assert_eq!(rest, Raw { names: Some(names), inner: Some(inner) });
    }

    #[test]
    fn a_value_of_the_wrong_kind_is_removed_once() {
        let (removed, rest) = weeded("names = { a = 1, b = 2 }\ninner = 3\n");
        assert_eq!(removed, ["{ a = 1, b = 2 }", "3"]);
        assert_eq!(rest, Raw::default());
    }
}
