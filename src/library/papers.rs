//! The papers that a layout sets, and which of its files belong to which.

/// A paper that can be made: the contract, or one that comes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PaperKind {
    /// The agreement itself.
    Contract,
    /// What changed between two texts of an agreement.
    Redline,
    /// How the text meets the law, for the lawyer.
    Memo,
}

impl PaperKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Contract, Self::Redline, Self::Memo];

    /// Its name: `contract`, `redline`, `memo`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Contract => "contract",
            Self::Redline => "redline",
            Self::Memo => "memo",
        }
    }

    /// The file of a layout that sets it: `main.typ` for the contract, `redline.typ` for a redline, `memo.typ` for a memo.
    #[must_use]
    pub fn main_file(self) -> &'static str {
        match self {
            Self::Contract => "main.typ",
            Self::Redline => "redline.typ",
            Self::Memo => "memo.typ",
        }
    }

    /// The JSON file that its layout reads, which the PDF carries with it: `contract.json`.
    #[must_use]
    pub fn json_file(self) -> String {
        format!("{}.json", self.name())
    }

    /// Whether a layout's file, by its path in the layout, is this paper's alone: its main file, or one in the
    /// folder of its name.
    #[must_use]
    fn owns(self, path: &str) -> bool {
        path == self.main_file() || path.split_once('/').is_some_and(|(top, _)| top == self.name())
    }

    /// Whether a layout's file, by its path in the layout, may be used for this paper. The others' own files
    /// are left out, so that a change to one paper's looks changes no other paper. A memo marks changes as a
    /// redline does, by the redline's files.
    #[must_use]
    pub fn uses(self, path: &str) -> bool {
        let marks_changes = self == Self::Memo && path.starts_with("redline/");
        marks_changes || !Self::ALL.into_iter().any(|other| other != self && other.owns(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paper_uses_what_is_shared_and_what_is_its_own() {
        for shared in ["style.typ", "words/nl.toml", "fonts/Huis.ttf", "redlines.typ"] {
            assert!(PaperKind::ALL.into_iter().all(|paper| paper.uses(shared)), "{shared}");
        }
        for own in ["redline.typ", "redline/nl.toml"] {
            assert!(PaperKind::Redline.uses(own) && !PaperKind::Contract.uses(own), "{own}");
        }
        assert!(PaperKind::Memo.uses("redline/marks.typ") && !PaperKind::Memo.uses("redline.typ"));
        assert!(PaperKind::Memo.uses("memo/nl.toml") && !PaperKind::Redline.uses("memo/nl.toml"));
        assert!(PaperKind::Contract.uses("main.typ") && !PaperKind::Redline.uses("main.typ"));
    }
}
