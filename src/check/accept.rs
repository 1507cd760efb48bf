//! What the owner accepts: `[[accept]]` in contract.toml.

use super::codes::code;
use super::fault::{Finding, is_code};
use super::subjects::Scope;
use crate::diagnostic::{Diagnostic, Rule, closest};
use crate::library::Library;

/// What nobody can accept: the lock refuses such a text anyway; and a lawyer approves a text, not its change.
const NEVER: [&str; 2] = ["version-unchanged", "approval-differs"];

/// Marks what the owner accepts. In a check of the library, an acceptance of nothing is a finding itself.
pub fn apply(library: &Library, scope: Scope, findings: &mut Vec<Finding>) {
    let source = &library.contents.source;
    let mut unused = Vec::new();
    for accept in &library.contents.accept {
        let (id, place) = (accept.code.get_ref(), accept.place.get_ref());
        let mut is_used = false;
        for finding in findings.iter_mut() {
            let is_meant = finding.code == *id && finding.part == *place;
            if is_meant && !NEVER.contains(&finding.code.as_str()) {
                finding.accepted = Some(accept.reason.clone());
                is_used = true;
            }
        }
        // What is found in client files is not there to be found in a check of the library.
        if is_used || scope == Scope::Clients || place == "client" {
            continue;
        }
        let known = library.requirements.all.keys().chain(super::codes().keys());
        let known: Vec<&str> = known.map(String::as_str).collect();
        let (message, range, hint) = if NEVER.contains(&id.as_str()) {
            let hint = match id.as_str() {
                "version-unchanged" => "set a new `version` in contract.toml",
                _ => "let a lawyer read it: `dpa-gen review --approve PATH --by NAME`",
            };
            let hint = hint.to_owned();
            (format!("`{id}` cannot be accepted"), accept.code.span(), Some(hint))
        } else if !is_code(id) && !known.contains(&id.as_str()) {
            let hint = closest(id, &known).map(|close| format!("did you mean `{close}`?"));
            (format!("`{id}` is no code"), accept.code.span(), hint)
        } else {
            let places = findings.iter().filter(|f| f.code == *id).map(|f| f.part.as_str());
            let mut places: Vec<&str> = places.collect();
            places.dedup();
            let hint = (!places.is_empty())
                .then(|| format!("it is found in {}", crate::diagnostic::List(&places, "and")));
            (format!("there is no `{id}` in `{place}` to accept"), accept.place.span(), hint)
        };
        let rule = code("accept-unused");
        let mut diagnostic = Diagnostic::error(message).at(source, range);
        diagnostic.severity = rule.level;
        let notes = vec![format!("why: {}", rule.why.en)];
        diagnostic.rule = Some(Box::new(Rule { code: "accept-unused".to_owned(), notes }));
        diagnostic.hints.push(hint.unwrap_or_else(|| "take the acceptance away".to_owned()));
        unused.push(Finding {
            code: "accept-unused".to_owned(),
            diagnostic,
            part: "contract.toml".to_owned(),
            text: None,
            holds_in: None,
            accepted: None,
        });
    }
    findings.extend(unused);
}
