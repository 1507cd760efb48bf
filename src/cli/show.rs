//! Shows what a PDF of ours is: the contract in it, what is filled in, what is signed, what changed since.

mod changes;

use std::fmt::{self, Display, Formatter};
use std::process::ExitCode;

use super::args::ShowArguments;
use super::place;
use super::report::{Outcome, Report};
use crate::diagnostic::{Quoted, one_line, signer};
use crate::ops::{self, FormState, Shown, ShownChain, ShownIntegrity, ShownSignature};
use crate::pdf::FieldState;
use changes::{write_changes, write_original};

/// Shows a document.
pub fn run(arguments: &ShowArguments) -> ExitCode {
    let mut report = Report::new(arguments.json.style());
    let shown = ops::trust(&arguments.trust.paths())
        .and_then(|trust| ops::show(&place::pdf(&arguments.pdf), &trust));
    match shown {
        Ok(shown) => report.result(shown),
        Err(problem) => report.problem(problem),
    }
    report.finish()
}

impl Outcome for Shown {
    fn result(&self) -> String {
        self.to_string()
    }
}

impl Display for Shown {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let client = self.client.as_deref().unwrap_or("none: the general edition");
        writeln!(f, "document    {}, version {}", one_line(&self.title), one_line(&self.version))?;
        if let Some(attachment) = &self.attachment {
            writeln!(f, "embedded    {}", one_line(attachment))?;
        }
        writeln!(f, "client      {}", one_line(client))?;
        writeln!(f, "services    {}", one_line(&self.services.join(", ")))?;
        writeln!(f, "digest      {}", one_line(&self.digest))?;
        if let Some(noted) = &self.noted_digest {
            writeln!(f, "            NOT the one that its own keywords name: {}", one_line(noted))?;
        }
        if self.form == Some(FormState::Gone) {
            writeln!(f, "form        gone: what is printed cannot be read back")?;
        } else {
            write_fields(f, &self.fields)?;
        }
        if self.form != Some(FormState::Gone) || !self.signatures.is_empty() {
            write_signatures(f, &self.signatures)?;
        }
        write_original(f, &self.original)
    }
}

fn write_fields(f: &mut Formatter<'_>, fields: &[FieldState]) -> fmt::Result {
    let fields: Vec<_> = fields.iter().filter(|field| !field.is_signature).collect();
    let filled = fields.iter().filter(|field| field.value.is_some()).count();
    writeln!(f, "filled in   {filled} of {}", fields.len())?;
    for field in fields {
        let value =
            field.value.as_deref().map_or("–".to_owned(), |value| Quoted(value).to_string());
        write!(f, "  {:<20} {value}", one_line(&field.id))?;
        match (field.printed, &field.value) {
            (Some(false), Some(_)) => f.write_str(", but this is not what is printed")?,
            (Some(false), None) => f.write_str(", but something is printed")?,
            (None, Some(_)) => f.write_str(", whether it is printed cannot be seen")?,
            _ => {}
        }
        writeln!(f)?;
    }
    Ok(())
}

fn write_signatures(f: &mut Formatter<'_>, signatures: &[ShownSignature]) -> fmt::Result {
    let signed = signatures.iter().filter(|signature| signature.signed).count();
    writeln!(f, "signed      {signed} of {}", signatures.len())?;
    for signature in signatures {
        write!(f, "  {:<20} ", one_line(&signature.field))?;
        if !signature.signed {
            writeln!(f, "–")?;
            continue;
        }
        f.write_str(&signer(signature.signer.as_deref()))?;
        let why = signature.why.as_deref().unwrap_or_default();
        match signature.integrity {
            ShownIntegrity::Intact => f.write_str(": intact")?,
            ShownIntegrity::Broken => write!(f, ": broken: {why}")?,
            ShownIntegrity::Unchecked => write!(f, ": cannot be checked: {why}")?,
        }
        let why = signature.chain_why.as_deref().unwrap_or_default();
        let chain = match signature.chain {
            ShownChain::NotChecked => "certificate chain and revocation not checked".to_owned(),
            ShownChain::Trusted => {
                "its chain is trusted, revocation and policies not checked".to_owned()
            }
            ShownChain::NotTrusted => format!("its chain is NOT TRUSTED: {why}"),
            ShownChain::Indeterminate => format!("its chain is indeterminate: {why}"),
        };
        writeln!(f, "; {}", one_line(&chain))?;
        match (&signature.changes_after, signature.permitted) {
            (None, _) => writeln!(f, "    what changed after it cannot be compared")?,
            (Some(changes), _) if changes.is_empty() => {}
            (Some(changes), permitted) => {
                let permitted = if permitted == Some(true) { "permitted" } else { "NOT PERMITTED" };
                writeln!(f, "    changed after it, {permitted}:")?;
                write_changes(f, changes, 6)?;
            }
        }
    }
    Ok(())
}
