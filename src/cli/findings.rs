//! Findings as a person reads them: grouped by who can mend them.

use super::console;
use crate::check::{Finding, Lang, Reader, say};

/// The findings that the owner does not accept.
pub fn grouped(findings: &[Finding], lang: Lang) -> String {
    let groups = Reader::ALL.into_iter().filter_map(|reader| {
        let open = findings.iter().filter(|finding| finding.accepted.is_none());
        let own: Vec<&Finding> = open.filter(|finding| finding.reader == reader).collect();
        let problems = own.iter().map(|finding| finding.diagnostic.clone()).collect();
        let mut text = console::for_stdout(&problems);
        for finding in &own {
            let word = finding.level().word();
            let there = format!("{word}[{}]", finding.code);
            let said = say(word, &[]);
            text = text.replace(&there, &format!("{}[{}]", said.in_lang(lang), finding.code));
        }
        let head = say(&format!("for-{}", reader.name()), &[]);
        (!own.is_empty()).then(|| format!("{}\n\n{}", head.in_lang(lang), text.trim_end()))
    });
    groups.collect::<Vec<_>>().join("\n\n")
}
