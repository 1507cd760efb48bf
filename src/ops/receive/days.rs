//! Days as people write them in a field.

use chrono::NaiveDate;

use crate::library::Language;

/// The day that a text says, if it is clear which: `2026-07-03`, `03-07-2026`, `3 juli 2026`.
pub fn read(text: &str) -> Option<NaiveDate> {
    let parts: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || "-/.,".contains(c))
        .filter(|part| !part.is_empty())
        .collect();
    let &[first, second, third] = parts.as_slice() else {
        return None;
    };
    if first.len() == 4 {
        return NaiveDate::from_ymd_opt(number(first)?, month(second)?, day(third)?);
    }
    let year = number(third)?;
    let year = if third.len() == 2 { year + 2000 } else { year };
    NaiveDate::from_ymd_opt(year, month(second)?, day(first)?)
}

fn number(text: &str) -> Option<i32> {
    text.parse().ok()
}

fn day(text: &str) -> Option<u32> {
    text.parse().ok()
}

/// A month by its number, or its name in a language of contracts, whole or its first three letters.
fn month(text: &str) -> Option<u32> {
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let text = text.to_lowercase();
    (1..=12).find(|month| {
        Language::ALL.iter().any(|language| {
            let name = NaiveDate::from_ymd_opt(2026, *month, 1).map(|day| language.date(day));
            let name = name.and_then(|day| day.split(' ').nth(1).map(str::to_lowercase));
            name.is_some_and(|name| name == text || (text.len() >= 3 && name.starts_with(&text)))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_people_write_them() {
        let day = NaiveDate::from_ymd_opt(2026, 7, 3);
        for text in ["2026-07-03", "3-7-2026", "03/07/2026", "3 juli 2026", "3 July 2026", "3.7.26"]
        {
            assert_eq!(read(text), day, "{text}");
        }
        for text in ["", "morgen", "3 juli", "32-7-2026", "3 foo 2026", "7-2026"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
