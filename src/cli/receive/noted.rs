//! What a person says came of a contract, as text.

use crate::cli::report::Outcome;
use crate::diagnostic::Slashed;
use crate::ops::Noted;
use crate::store::{AgreementState, EntryKind};

impl Outcome for Noted {
    fn result(&self) -> String {
        let Self { id, entry, undoes, version, agreement, in_force_from, filed } = self;
        let version = version.as_ref().map(|version| format!(", version {version}"));
        let what = match (entry, undoes) {
            (EntryKind::OwnPaper, _) => "the client's own paper".to_owned(),
            (EntryKind::Objected, _) => "an objection to the change is noted".to_owned(),
            (EntryKind::Consented, _) => "consent to the change is noted".to_owned(),
            (EntryKind::Refused, _) => "the refusal is noted".to_owned(),
            (EntryKind::Ended, _) => "the end of the agreement is noted".to_owned(),
            (_, Some(undoes)) => format!("undone: {undoes}; now {}", state(*agreement)),
            _ => state(*agreement).to_owned(),
        };
        let from = in_force_from.as_ref().map(|from| format!(", from {from}"));
        let filed = filed.as_ref().map(|filed| format!("\n{}", filed.on_a_line()));
        let [version, from, filed] = [version, from, filed].map(Option::unwrap_or_default);
        format!("{id}{version}: {what}{from}{filed}")
    }

    fn talk(&self) -> Option<String> {
        let is_over = self.entry == EntryKind::Ended;
        let id = &self.id;
        is_over.then(|| format!("`dpa-gen archive {id}` takes it out of daily lists"))
    }
}

fn state(agreement: Option<AgreementState>) -> &'static str {
    agreement.map_or("nothing", AgreementState::word)
}
