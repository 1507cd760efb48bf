//! Filing a copy: its exact bytes, and an entry in the history.

use super::known::Known;
use super::values::{ReceiveRequest, Received};
use crate::diagnostic::Problems;
use crate::ops::show::ShownChain;
use crate::pdf::PageState;
use crate::store::{self, EntryKind, History, HistoryEntry, HistorySigner};

/// Whether the same file came back before, and nobody undid that.
pub fn is_known(history: &History, bytes: &[u8]) -> bool {
    let sha256 = store::sha256(bytes);
    history
        .live()
        .any(|entry| entry.kind == EntryKind::Received && entry.sha256.as_ref() == Some(&sha256))
}

/// Files a copy. One that was filed before is only noted again if somebody accepts it.
pub fn file(
    received: &mut Received,
    bytes: &[u8],
    request: &ReceiveRequest,
    known: &Known,
) -> Result<(), Problems> {
    let id = received.id.clone().unwrap_or_default();
    let mut folder = known.agreements.open(&id)?;
    // Another run may have filed it in the meantime.
    received.again = is_known(folder.history(), bytes);
    let version = received.version.as_deref().unwrap_or_default();
    let name = folder.keep(&format!("{version}-returned-{}.pdf", request.on), bytes)?;
    received.filed = Some(known.agreements.folder(&id).join(&name));
    let kind = match (received.again, &received.accepted) {
        (true, None) => return Ok(()),
        (true, Some(_)) => EntryKind::Accepted,
        (false, _) => EntryKind::Received,
    };
    let mut entry = HistoryEntry::new(kind, request.on);
    entry.version.clone_from(&received.version);
    entry.digest.clone_from(&received.digest);
    entry.file = Some(name);
    entry.sha256 = Some(store::sha256(bytes));
    entry.agreement = Some(received.agreement);
    entry.from = received.in_force_from.as_deref().and_then(|day| day.parse().ok());
    entry.via = received.identified_by.map(|by| by.text().to_owned());
    entry.signers = received.signers();
    entry.checked = received.checked();
    entry.missing.clone_from(&received.missing);
    entry.reason.clone_from(&received.accepted);
    entry.by.clone_from(&received.by);
    folder.add(entry)?;
    Ok(())
}

impl Received {
    fn signers(&self) -> Vec<HistorySigner> {
        let signers = self.signatures.iter().map(|signature| HistorySigner {
            field: signature.field.clone(),
            name: signature.signer.clone().unwrap_or_default(),
            certificate: signature.certificate.clone().unwrap_or_default(),
            integrity: signature.integrity.to_owned(),
        });
        signers.collect()
    }

    /// What was checked, in words.
    fn checked(&self) -> Vec<String> {
        let count = |state| self.pages.iter().filter(|page| page.state == state).count();
        let mut checked = Vec::new();
        if !self.pages.is_empty() {
            checked.push(format!(
                "pages: {} same, {} changed, {} added, {} missing",
                count(PageState::Same),
                count(PageState::Changed),
                count(PageState::Added),
                count(PageState::Missing)
            ));
        }
        let signatures = self.signatures.iter().map(|signature| {
            let verified = match signature.chain {
                ShownChain::NotChecked => "signer not verified",
                ShownChain::Trusted => "chain trusted, revocation not checked",
                ShownChain::NotTrusted => "chain not trusted",
                ShownChain::Indeterminate => "chain indeterminate",
            };
            let counts = if signature.counts { "counts" } else { "does not count" };
            format!(
                "signature in {}: {}, {counts}; {verified}",
                signature.field, signature.integrity
            )
        });
        checked.extend(signatures);
        checked.extend(self.to_judge.iter().cloned());
        checked
    }
}
