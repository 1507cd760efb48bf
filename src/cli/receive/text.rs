//! What came back, as text.

use std::fmt::{self, Display, Formatter};

use crate::cli::report::Outcome;
use crate::diagnostic::{Quoted, Slashed, one_line, signer};
use crate::ops::{Bytes, Received, ReceivedSignature, ShownChain};
use crate::pdf::{PageState, SubjectKind};

impl Outcome for Received {
    fn result(&self) -> String {
        self.to_string().trim_end().to_owned()
    }
}

impl Display for Received {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.pdf.on_a_line(), self.agreement)?;
        if let Some(from) = &self.in_force_from {
            write!(f, ", from {from}")?;
        }
        writeln!(f)?;
        let (Some(client), Some(by)) = (&self.client, self.identified_by) else {
            return Ok(());
        };
        let version = self.version.as_deref().unwrap_or_default();
        let client = one_line(client);
        writeln!(f, "  contract    {client}, version {version}, known by {}", by.text())?;
        writeln!(
            f,
            "  bytes       {}",
            match self.bytes {
                Bytes::Same => "those of the contract as it was made",
                Bytes::Extended => "begin with those of the contract as it was made",
                Bytes::Rewritten => "written by another program: compared page by page",
                Bytes::NotCompared => "not compared: the contract as it was made is not here",
            }
        )?;
        self.write_pages(f)?;
        self.write_fields(f)?;
        for signature in &self.signatures {
            writeln!(f, "  signed      {}", one_line(&Line(signature).to_string()))?;
        }
        if let Some(accepted) = &self.accepted {
            let by = self.by.as_deref().unwrap_or_default();
            writeln!(f, "  accepted    {}, by {}", Quoted(accepted), one_line(by))?;
        }
        if !self.missing.is_empty() {
            writeln!(f, "  missing     {}", one_line(&self.missing.join(", ")))?;
        }
        for line in &self.to_judge {
            writeln!(f, "  to judge    {}", one_line(line))?;
        }
        match &self.filed {
            Some(filed) if self.again => writeln!(f, "  filed       before: {}", filed.on_a_line()),
            Some(filed) => writeln!(f, "  filed       {}", filed.on_a_line()),
            None if self.again => writeln!(f, "  filed       before"),
            None => Ok(()),
        }
    }
}

impl Received {
    fn write_pages(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.pages.is_empty() {
            return Ok(());
        }
        let same = self.pages.iter().filter(|page| page.state == PageState::Same).count();
        writeln!(f, "  pages       {same} of {} the same", self.pages.len())?;
        for page in self.pages.iter().filter(|page| page.state != PageState::Same) {
            let number = page.page.or(page.original).unwrap_or_default();
            let state = match page.state {
                PageState::Same => "same",
                PageState::Changed => "changed",
                PageState::Added => "added",
                PageState::Missing => "missing",
            };
            writeln!(f, "    page {number} {state}: {}", one_line(&page.differences.join("; ")))?;
        }
        Ok(())
    }

    fn write_fields(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for field in &self.fields {
            if let Some(value) = &field.value {
                writeln!(f, "  filled in   {} {}", one_line(&field.id), Quoted(value))?;
            }
        }
        Ok(())
    }
}

/// A signature on a line.
struct Line<'a>(&'a ReceivedSignature);

impl Display for Line<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let ReceivedSignature { field, names, day, integrity, permitted, .. } = self.0;
        write!(f, "{field}: {}", signer(self.0.signer.as_deref()))?;
        if let Some(organisation) = &self.0.organisation {
            write!(f, ", {}", Quoted(organisation))?;
        }
        match names {
            Some(SubjectKind::Person) => f.write_str(" (a person)")?,
            Some(SubjectKind::Organisation) => f.write_str(" (an organisation)")?,
            Some(SubjectKind::Platform) => f.write_str(" (a signing platform)")?,
            Some(SubjectKind::Unclear) | None => {}
        }
        if let Some(day) = day {
            write!(f, ", {day}")?;
        }
        write!(f, ": {integrity}")?;
        match permitted {
            Some(true) => {}
            Some(false) => f.write_str(", changed after it, which is not permitted")?,
            None => f.write_str(", what changed after it cannot be compared")?,
        }
        let why = self.0.chain_why.as_deref().unwrap_or_default();
        match self.0.chain {
            ShownChain::NotChecked => f.write_str("; signers not verified"),
            ShownChain::Trusted => f.write_str("; its chain is trusted, revocation not checked"),
            ShownChain::NotTrusted => write!(f, "; its chain is NOT TRUSTED: {why}"),
            ShownChain::Indeterminate => write!(f, "; its chain is indeterminate: {why}"),
        }
    }
}
