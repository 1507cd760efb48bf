//! The world that Typst sees: the files of a contract's project, and the fonts. Nothing else exists in it:
//! no file system, no packages, no network, no clock.

use typst::World;
use typst::comemo::Track;
use typst::diag::{FileError, FileResult, PackageError, SourceResult};
use typst::engine::{Route, Sink, Traced};
use typst::foundations::{Bytes, Content, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst_kit::files::FileLoader;

use super::Typesetter;
use crate::contract::{CONTRACT_JSON, INTERFACE, INTERFACE_FILE, Project};
use crate::library::Library;

/// The files that a library has for all its contracts.
pub struct Served<'a>(pub &'a Library);

impl FileLoader for Served<'_> {
    fn load(&self, id: FileId) -> FileResult<Bytes> {
        let path = id.vpath().get_without_slash();
        let found = if path == INTERFACE_FILE {
            Some(INTERFACE.as_bytes())
        } else if let Some(path) = path.strip_prefix("clauses/") {
            self.0.clause_files.bytes(path)
        } else {
            path.strip_prefix("layouts/").and_then(|path| self.0.layout_files.bytes(path))
        };
        match found {
            Some(bytes) => Ok(Bytes::new(bytes.to_vec())),
            None => Err(FileError::NotFound(path.into())),
        }
    }
}

impl Served<'_> {
    /// What a file is called in messages.
    pub fn name(&self, path: &str) -> String {
        if let Some(path) = path.strip_prefix("clauses/") {
            self.0.clause_files.name(path)
        } else if let Some(path) = path.strip_prefix("layouts/") {
            self.0.layout_files.name(path)
        } else {
            format!("<generated>/{path}")
        }
    }
}

/// One contract's world. Files that all contracts share are parsed once, by the typesetter; what is not in
/// this contract's project is not there, so nothing can come in that the digest does not cover.
pub struct ContractWorld<'a> {
    typesetter: &'a Typesetter<'a>,
    project: &'a Project<'a>,
    contract: FileId,
    main: FileId,
}

impl<'a> ContractWorld<'a> {
    /// The world of a contract.
    pub fn new(typesetter: &'a Typesetter<'a>, project: &'a Project<'a>) -> Self {
        let main = format!("layouts/{}/main.typ", typesetter.library.layout);
        Self { typesetter, project, contract: file_id(CONTRACT_JSON), main: file_id(&main) }
    }

    /// The bytes of `contract.json`.
    fn contract(&self) -> Bytes {
        let bytes = self.project.files.get(CONTRACT_JSON);
        Bytes::new(bytes.map(|bytes| bytes.to_vec()).unwrap_or_default())
    }

    /// What a file is called in messages.
    pub fn name(&self, id: FileId) -> String {
        self.typesetter.files.loader().name(id.vpath().get_without_slash())
    }

    /// What a file of the project evaluates to, before any of it is laid out. Typst remembers it.
    pub fn evaluate(&self, source: &Source) -> SourceResult<Content> {
        let world: &dyn World = self;
        let module = typst_eval::eval(
            world.track(),
            self.library(),
            Traced::default().track(),
            Sink::new().track_mut(),
            Route::default().track(),
            source,
        )?;
        Ok(module.content())
    }

    fn check(&self, id: FileId) -> FileResult<()> {
        if let VirtualRoot::Package(_) = id.root() {
            let reason = "a contract uses no packages: put what it needs into the layout";
            return Err(FileError::Package(PackageError::Other(Some(reason.into()))));
        }
        let path = id.vpath().get_without_slash();
        if self.project.files.contains_key(path) {
            Ok(())
        } else {
            let reason = format!("`{path}` is not among the files of this contract");
            Err(FileError::Other(Some(reason.into())))
        }
    }
}

/// The id of a path in the project. Ids and folder names are checked when a library is read, so the path
/// is always a valid one.
pub fn file_id(path: &str) -> FileId {
    let path = VirtualPath::new(path).expect("the paths of a library are checked");
    RootedPath::new(VirtualRoot::Project, path).intern()
}

impl World for ContractWorld<'_> {
    fn library(&self) -> &LazyHash<typst::Library> {
        &self.typesetter.typst
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.typesetter.fonts.book()
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        self.check(id)?;
        if id == self.contract {
            let text = String::from_utf8_lossy(&self.contract()).into_owned();
            return Ok(Source::new(id, text));
        }
        self.typesetter.files.source(id)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.check(id)?;
        if id == self.contract {
            return Ok(self.contract());
        }
        self.typesetter.files.file(id)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.typesetter.fonts.font(index)
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
