//! Places in the texts of TOML files that the library fills in: `{processor}`. A brace itself is doubled.

use crate::diagnostic::{Diagnostic, List};
use crate::input::{Checker, Text};

/// What fills a place, by its name.
pub type Filling<'a> = (&'a str, &'a str);

/// The place of the processor's name.
pub const PROCESSOR: &str = "processor";

/// The parts of a text: what stands in it, and the names of its places.
enum Part<'a> {
    Text(&'a str),
    Place(&'a str),
    /// A brace that is neither doubled nor part of a place.
    Single,
}

fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(brace) = rest.find(['{', '}']) {
        parts.push(Part::Text(&rest[..brace]));
        rest = &rest[brace..];
        let length = if rest.starts_with("{{") || rest.starts_with("}}") {
            parts.push(Part::Text(&rest[..1]));
            2
        } else if let Some(end) = rest.find('}').filter(|_| rest.starts_with('{')) {
            parts.push(Part::Place(&rest[1..end]));
            end + 1
        } else {
            parts.push(Part::Single);
            1
        };
        rest = &rest[length..];
    }
    parts.push(Part::Text(rest));
    parts
}

/// Notes the places of a text that are none of these.
pub fn check(check: &mut Checker<'_>, text: &Text, known: &[&str]) {
    for part in parts(text.get_ref()) {
        let problem = match part {
            Part::Text(_) => continue,
            Part::Place(name) if known.contains(&name) => continue,
            Part::Place(name) => {
                let shown = name.escape_debug();
                let known: Vec<String> = known.iter().map(|name| format!("{{{name}}}")).collect();
                let known: Vec<&str> = known.iter().map(String::as_str).collect();
                Diagnostic::error(format!("unknown place `{{{shown}}}`"))
                    .hint(format!("known here: {}", List(&known, "and")))
            }
            Part::Single => Diagnostic::error("a brace that stands alone")
                .hint("a place to fill in is written as `{processor}`; double a brace to print it"),
        };
        check.problem(problem.at(check.source, text.span()));
    }
}

/// Whether a text has a place of this name.
pub fn has(text: &str, name: &str) -> bool {
    parts(text).iter().any(|part| matches!(part, Part::Place(place) if *place == name))
}

/// A checked text with its places filled in.
pub fn fill(text: &str, fillings: &[Filling<'_>]) -> String {
    let filled = parts(text).into_iter().map(|part| match part {
        Part::Text(text) => text,
        Part::Place(name) => {
            fillings.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value)
        }
        Part::Single => "",
    });
    filled.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_filled_and_doubled_braces_are_braces() {
        let filled = fill("Voor {processor} {{en}} {processor}.", &[(PROCESSOR, "Webbouw")]);
        assert_eq!(filled, "Voor Webbouw {en} Webbouw.");
        assert!(has("a {scope}", "scope") && !has("a {{scope}}", "scope"));
    }
}
