//! The library as checked: its parts, and what is asked of it as a whole.

use super::approvals::Approvals;
use super::catalogue::Catalogue;
use super::clause::Clause;
use super::contents::Contents;
use super::files::Files;
use super::papers::PaperKind;
use super::requirements::Requirements;
use super::subprocessors::Subprocessors;
use crate::countries::Countries;
use crate::party::Known;

/// A clause library whose every file is in order.
#[derive(Debug)]
pub struct Library {
    /// `contract.toml`.
    pub contents: Contents,
    /// `services.toml`.
    pub catalogue: Catalogue,
    /// `requirements.toml`.
    pub requirements: Requirements,
    /// `countries.toml`.
    pub countries: Countries,
    /// `subprocessors.toml`.
    pub subprocessors: Subprocessors,
    /// `parties.toml`.
    pub parties: Known,
    /// `approved.toml`.
    pub approvals: Approvals,
    /// The clauses in `proposals/`, which no contract uses.
    pub proposals: Vec<Clause>,
    /// The articles, in the contract's order.
    pub articles: Vec<Clause>,
    /// The annexes, in the contract's order.
    pub annexes: Vec<Clause>,
    /// The closing.
    pub signature: Clause,
    /// The name of the layout in use.
    pub layout: String,
    /// The files below `clauses/`.
    pub clause_files: Files,
    /// The files below `layouts/`.
    pub layout_files: Files,
}

impl Library {
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

    /// The paths below `layouts/` of the files of the layout in use that a paper may use.
    pub fn layout_paths(&self, paper: PaperKind) -> impl Iterator<Item = &str> {
        let is_used = move |path: &&str| {
            let inside = path.strip_prefix(&*self.layout).and_then(|rest| rest.strip_prefix('/'));
            inside.is_some_and(|path| paper.uses(path))
        };
        self.layout_files.paths().filter(is_used)
    }
}
