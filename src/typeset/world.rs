//! The world that Typst sees: the files of a paper's project, and the fonts. Nothing else exists in it:
//! no file system, no packages, no network, no clock.

use std::sync::Arc;

use typst::World;
use typst::comemo::Track;
use typst::diag::{FileError, FileResult, PackageError, SourceResult};
use typst::engine::{Route, Sink, Traced};
use typst::foundations::{Bytes, Content, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst_kit::files::{FileLoader, FileStore};
use typst_kit::fonts::FontStore;

use super::spans::{Ranges, Spans};
use crate::contract::project::{INTERFACE, INTERFACE_FILE, Project};
use crate::library::Library;

/// The files that a library has for all its papers.
pub struct LibraryFiles<'a>(pub &'a Library);

impl FileLoader for LibraryFiles<'_> {
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

impl LibraryFiles<'_> {
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

/// What all papers of a library share: Typst itself, the fonts, and the library's files, each parsed once.
pub struct Shared<'a> {
    pub library: &'a Library,
    pub typst: LazyHash<typst::Library>,
    pub fonts: FontStore,
    pub files: FileStore<LibraryFiles<'a>>,
    pub spans: Spans,
}

/// One paper's world. Files that all papers share are parsed once; what is not in this
/// paper's project is not there, so nothing can come in that the digest does not cover.
pub struct PaperWorld<'a> {
    shared: &'a Shared<'a>,
    project: &'a Project<'a>,
    main: FileId,
}

impl<'a> PaperWorld<'a> {
    /// The world of a paper.
    pub fn new(shared: &'a Shared<'a>, project: &'a Project<'a>) -> Self {
        Self { shared, project, main: file_id(project.main_file()) }
    }

    /// The bytes of a file that is this paper's own, such as `contract.json`.
    fn generated(&self, id: FileId) -> Option<&[u8]> {
        self.project.generated(id.vpath().get_without_slash())
    }

    /// What a file is called in messages.
    pub fn name(&self, id: FileId) -> String {
        self.shared.files.loader().name(id.vpath().get_without_slash())
    }

    /// Where the parts of a clause file stand.
    pub fn ranges(&self, clause: &Source) -> Arc<Ranges> {
        self.shared.spans.of(clause)
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
            let paper = self.project.kind.name();
            let reason = format!("a {paper} uses no packages: put what it needs into the layout");
            return Err(FileError::Package(PackageError::Other(Some(reason.into()))));
        }
        let path = id.vpath().get_without_slash();
        if self.project.files.contains_key(path) {
            Ok(())
        } else {
            let paper = self.project.kind.name();
            let reason = format!("`{path}` is not among the files of this {paper}");
            Err(FileError::Other(Some(reason.into())))
        }
    }
}

/// The id of a path in the project. Ids and folder names are checked when a library is read, so the path
/// is always a valid one.
pub fn file_id(path: &str) -> FileId {
    let path = VirtualPath::new(path)
        .expect("the paths of a library are relative and were checked when it was read");
    RootedPath::new(VirtualRoot::Project, path).intern()
}

impl World for PaperWorld<'_> {
    fn library(&self) -> &LazyHash<typst::Library> {
        &self.shared.typst
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.shared.fonts.book()
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        self.check(id)?;
        match self.generated(id) {
            Some(bytes) => Ok(Source::new(id, String::from_utf8_lossy(bytes).into_owned())),
            None => self.shared.files.source(id),
        }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.check(id)?;
        match self.generated(id) {
            Some(bytes) => Ok(Bytes::new(bytes.to_vec())),
            None => self.shared.files.file(id),
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.shared.fonts.font(index)
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
