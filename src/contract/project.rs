//! The Typst project of a paper: every file that determines its text, and so its digest. The stock Typst
//! compiler makes the same pages of it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use base16ct::lower::encode_string;
use sha2::{Digest, Sha256};

use super::Contract;
use crate::library::{Library, PaperKind};

/// Where the contract stands in its project.
pub const CONTRACT_JSON: &str = "contract.json";

/// Where below `layouts/` the edition for the screen is, whichever layout the PDF has.
const SCREEN: &str = "screen/";

/// The file that sets it.
const SCREEN_FILE: &str = "page.typ";

/// Where the module stands that clauses and layouts import, in a contract's project.
pub const INTERFACE_FILE: &str = "contract.typ";

/// The Typst side of `contract.json`: the module that clauses and layouts import.
pub const INTERFACE: &str = concat!(include_str!("contract.typ"), include_str!("fields.typ"));

/// The part of it that makes form fields, for papers that are no contract and have some.
const FIELDS: &str = include_str!("fields.typ");

/// A paper's files, by their path in the project.
#[derive(Debug)]
pub struct Project<'a> {
    /// Which paper it is of.
    pub kind: PaperKind,
    /// Path, without a leading slash, and bytes.
    pub files: BTreeMap<String, Cow<'a, [u8]>>,
    main: String,
    library: &'a Library,
}

impl<'a> Project<'a> {
    /// The project of a contract: `contract.json`, the clauses that it uses, the layout with its fonts, and
    /// the interface between them.
    #[must_use]
    pub fn new(contract: &Contract, library: &'a Library) -> Self {
        let mut project = Self::with_layout(PaperKind::Contract, contract.json(), library);
        project.files.insert(INTERFACE_FILE.to_owned(), Cow::Borrowed(INTERFACE.as_bytes()));
        for path in contract.clause_paths() {
            if let Some(bytes) = library.clause_files.bytes(path) {
                project.files.insert(format!("clauses/{path}"), Cow::Borrowed(bytes));
            }
        }
        project
    }

    /// The project of a contract's edition for the screen, which is of the same clauses.
    #[must_use]
    pub fn for_screen(contract: &Contract, library: &'a Library) -> Self {
        let mut project = Self::new(contract, library);
        for path in library.layout_files.paths().filter(|path| path.starts_with(SCREEN)) {
            if let Some(bytes) = library.layout_files.bytes(path) {
                project.files.insert(format!("layouts/{path}"), Cow::Borrowed(bytes));
            }
        }
        project.main = format!("layouts/{SCREEN}{SCREEN_FILE}");
        project
    }

    /// The project of another paper: its JSON, the logo, the layout with its fonts, and an interface by which
    /// the files of the layout find the JSON where they find a contract's.
    #[must_use]
    pub fn of_paper(kind: PaperKind, json: String, library: &'a Library) -> Self {
        let mut project = Self::with_layout(kind, json, library);
        let mut interface = format!(
            "#let contract = json(\"/{}\")\n#let layout = {:?}\n",
            kind.json_file(),
            library.layout
        );
        if kind == PaperKind::Memo {
            interface.push_str(FIELDS);
        }
        project.files.insert(INTERFACE_FILE.to_owned(), Cow::Owned(interface.into_bytes()));
        if let Some(logo) = &library.contents.brand.logo
            && let Some(bytes) = library.clause_files.bytes(&logo.path)
        {
            project.files.insert(format!("clauses/{}", logo.path), Cow::Borrowed(bytes));
        }
        project
    }

    fn with_layout(kind: PaperKind, json: String, library: &'a Library) -> Self {
        let mut files = BTreeMap::from([(kind.json_file(), Cow::Owned(json.into_bytes()))]);
        for path in library.layout_paths(kind) {
            if let Some(bytes) = library.layout_files.bytes(path) {
                files.insert(format!("layouts/{path}"), Cow::Borrowed(bytes));
            }
        }
        let main = format!("layouts/{}/{}", library.layout, kind.main_file());
        Self { kind, files, main, library }
    }

    /// Where the Typst file stands that sets it.
    #[must_use]
    pub fn main_file(&self) -> &str {
        &self.main
    }

    /// A file that is this paper's own, and no file of the library.
    #[must_use]
    pub fn generated(&self, path: &str) -> Option<&[u8]> {
        match self.files.get(path)? {
            Cow::Owned(bytes) => Some(bytes),
            Cow::Borrowed(_) => None,
        }
    }

    /// SHA-256 over the project, remarks in clauses left out, and the engine, whose embedded fonts come with
    /// its version; 64 hexadecimal digits.
    #[must_use]
    pub fn digest(&self) -> String {
        let mut hash = Sha256::new();
        let mut add = |part: &[u8]| {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        };
        add(typst::utils::version().raw().as_bytes());
        for (path, bytes) in &self.files {
            let clause = path.strip_prefix("clauses/").and_then(|path| self.library.clause(path));
            add(path.as_bytes());
            add(clause.map_or(bytes, |clause| clause.text.as_bytes()));
        }
        encode_string(&hash.finalize())
    }
}
