//! The library as checked: its parts, and what is asked of it as a whole.

use std::sync::Arc;

use super::approvals::Approvals;
use super::catalogue::Catalogue;
use super::clause::Clause;
use super::contents::Contents;
use super::files::Files;
use super::notice::NoticeRules;
use super::papers::PaperKind;
use super::requirements::Requirements;
use super::subprocessors::Subprocessors;
use crate::countries::Countries;
use crate::party::Known;

/// A clause library whose every file is in order.
#[derive(Debug)]
pub struct Library {
    /// `contract.toml`.
    pub(crate) contents: Contents,
    /// `services.toml`.
    pub(crate) catalogue: Catalogue,
    /// `requirements.toml`.
    pub(crate) requirements: Requirements,
    /// `countries.toml`.
    pub(crate) countries: Arc<Countries>,
    /// `subprocessors.toml`.
    pub(crate) subprocessors: Subprocessors,
    /// `parties.toml`.
    pub(crate) parties: Known,
    /// `approved.toml`.
    pub(crate) approvals: Approvals,
    /// `notice.toml`.
    pub(crate) notice: NoticeRules,
    /// The clauses in `proposals/`, which no contract uses.
    pub(crate) proposals: Vec<Clause>,
    /// The articles, in the contract's order.
    pub(crate) articles: Vec<Clause>,
    /// The annexes, in the contract's order.
    pub(crate) annexes: Vec<Clause>,
    /// The closing.
    pub(crate) signature: Clause,
    /// The name of the layout in use.
    pub(crate) layout: String,
    /// The files below `clauses/`.
    pub(crate) clause_files: Files,
    /// The files below `layouts/`.
    pub(crate) layout_files: Files,
}

/// The folder of `layouts/` with what layouts share.
const PARTS: &str = "parts";

impl Library {
    /// What `parties.toml` has.
    #[must_use]
    pub fn parties(&self) -> &Known {
        &self.parties
    }

    /// What `contract.toml` has.
    #[must_use]
    pub fn contents(&self) -> &Contents {
        &self.contents
    }

    /// What `services.toml` has.
    #[must_use]
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// The processor's own sub-processors.
    #[must_use]
    pub fn subprocessors(&self) -> &Subprocessors {
        &self.subprocessors
    }

    /// All its clauses: articles, annexes, closing.
    pub fn clauses(&self) -> impl Iterator<Item = &Clause> {
        self.articles.iter().chain(&self.annexes).chain([&self.signature])
    }

    /// The clause in this file of `clauses/`.
    #[must_use]
    pub fn clause(&self, path: &str) -> Option<&Clause> {
        self.clauses().find(|clause| clause.path == path)
    }

    /// The names of the layouts there are.
    pub fn layouts(&self) -> impl Iterator<Item = &str> {
        self.layout_files.layouts()
    }

    /// The paths below `layouts/` of the files that a paper may use: those of the layout in use, and those that
    /// layouts share.
    pub fn layout_paths(&self, paper: PaperKind) -> impl Iterator<Item = &str> {
        let is_used = move |path: &&str| {
            let inside = path.split_once('/');
            inside.is_some_and(|(folder, path)| {
                (folder == self.layout || folder == PARTS) && paper.uses(path)
            })
        };
        self.layout_files.paths().filter(is_used)
    }
}
