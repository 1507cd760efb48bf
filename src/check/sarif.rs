//! Findings as SARIF 2.1.0 (OASIS standard), which code hosts show beside the lines.

use std::fmt::Write;

use serde_json::{Value, json};

use super::codes::codes;
use super::finding::Finding;
use crate::diagnostic::{Place, Severity};
use crate::library::Library;

/// Writes findings as a SARIF log. `library` describes the requirements among the rules.
#[must_use]
pub fn sarif(libraries: &[&Library], findings: &[&Finding]) -> Value {
    let rules = rules(libraries);
    let index = |id: &str| rules.iter().position(|rule| rule["id"] == id);
    let results: Vec<Value> =
        findings.iter().map(|finding| result(finding, index(&finding.code))).collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "dpa-gen",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn rules(libraries: &[&Library]) -> Vec<Value> {
    let mut rules: Vec<Value> = codes()
        .iter()
        .map(|(id, code)| {
            json!({
                "id": id,
                "shortDescription": { "text": code.title },
                "fullDescription": { "text": code.why },
                "help": { "text": code.explain },
                "defaultConfiguration": { "level": word(code.level) },
            })
        })
        .collect();
    let requirements = libraries.iter().flat_map(|library| &library.requirements.all);
    for (id, requirement) in requirements {
        if rules.iter().all(|rule| rule["id"] != id.as_str()) {
            let text = format!("{} ({})", requirement.en, requirement.source);
            rules.push(json!({
                "id": id,
                "shortDescription": { "text": requirement.en },
                "fullDescription": { "text": text },
                "help": { "text": format!("It takes {}.", requirement.satisfied) },
            }));
        }
    }
    rules
}

fn result(finding: &Finding, rule: Option<usize>) -> Value {
    let diagnostic = &finding.diagnostic;
    let notes = finding.notes().iter().cloned();
    let hints = diagnostic.hints.iter().map(|hint| format!("hint: {hint}"));
    let text: Vec<String> =
        std::iter::once(diagnostic.message.clone()).chain(notes).chain(hints).collect();
    let mut result = json!({
        "ruleId": finding.code,
        "level": word(finding.level()),
        "message": { "text": text.join("\n") },
        "locations": diagnostic.place.iter().map(location).collect::<Vec<_>>(),
        "relatedLocations": diagnostic
            .related
            .iter()
            .map(|(place, note)| {
                let mut location = location(place);
                location["message"] = json!({ "text": note });
                location
            })
            .collect::<Vec<_>>(),
    });
    if let Some(rule) = rule {
        result["ruleIndex"] = rule.into();
    }
    if let Some(reason) = &finding.accepted {
        result["suppressions"] = json!([{ "kind": "external", "justification": reason }]);
    }
    result
}

fn word(level: Severity) -> &'static str {
    match level {
        Severity::Advice => "note",
        Severity::Warning => "warning",
        Severity::Error | Severity::Failure | Severity::Bug => "error",
    }
}

fn location(place: &Place) -> Value {
    let (line, column) = place.line_and_column();
    let end = Place { source: place.source.clone(), range: place.range.end..place.range.end };
    let (end_line, end_column) = end.line_and_column();
    json!({ "physicalLocation": {
        "artifactLocation": { "uri": uri(&place.source.name) },
        "region": {
            "startLine": line,
            "startColumn": column,
            "endLine": end_line,
            "endColumn": end_column.max(column + usize::from(end_line == line)),
        },
    } })
}

/// A file's name as a relative URI.
fn uri(name: &str) -> String {
    let name = name.strip_prefix("<embedded>/").unwrap_or(name).replace('\\', "/");
    let mut uri = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}
