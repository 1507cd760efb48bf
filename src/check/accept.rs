//! What the owner accepts: `[[accept]]` in contract.toml.

use std::sync::Arc;

use super::finding::{Fault, Finding, Reach, is_code};
use super::say::{Lang, say};
use super::subjects::Scope;
use crate::diagnostic::{Place, closest};
use crate::library::Library;

/// What nobody can accept: the lock refuses such a text anyway; and a lawyer approves a text, not its change.
const NEVER: [&str; 2] = ["version-unchanged", "approval-differs"];

/// Marks what the owner accepts. In a check of the library, an acceptance of nothing is a finding itself.
pub fn apply(library: &Library, scope: Scope, lang: Lang, findings: &mut Vec<Finding>) {
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
            let hint = say(&format!("accept-never.{id}"), &[]);
            (say("accept-never", &[("code", id)]), accept.code.span(), Some(hint))
        } else if !is_code(id) && !known.contains(&id.as_str()) {
            let hint = closest(id, &known).map(|close| say("did-you-mean", &[("close", &close)]));
            (say("accept-no-code", &[("code", id)]), accept.code.span(), hint)
        } else {
            let places = findings.iter().filter(|f| f.code == *id).map(|f| f.part.as_str());
            let mut places: Vec<&str> = places.collect();
            places.dedup();
            let places = places.join(", ");
            let hint = (!places.is_empty())
                .then(|| say("accept-nothing.elsewhere", &[("places", &places)]));
            let message = say("accept-nothing", &[("code", id), ("place", place)]);
            (message, accept.place.span(), hint)
        };
        let hint = hint.unwrap_or_else(|| say("accept.hint", &[]));
        let at = Place { source: Arc::clone(source), range };
        unused.push(Fault::new("accept-unused", message, at, "contract.toml").hint(hint));
    }
    findings.extend(unused.into_iter().map(|fault| fault.finding(None, Reach::All, lang)));
}
