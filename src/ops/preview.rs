//! Making the pages that `preview` shows.

use std::path::{Path, PathBuf};

use super::paths::document_name;
use super::sources::{LibraryChoice, LibraryOrigin, assemble};
use crate::diagnostic::{Count, Problems};
use crate::preview::View;
use crate::typeset::Typesetter;

/// Which document to show.
#[derive(Debug, Clone, Default)]
pub struct PreviewRequest {
    /// The client file; none for the general edition.
    pub client: Option<PathBuf>,
    /// Which library.
    pub library: LibraryChoice,
}

impl PreviewRequest {
    /// A view without pages yet.
    #[must_use]
    pub fn empty_view(&self) -> View {
        View { title: document_name(self.client.as_deref()), ..View::default() }
    }

    /// Makes the pages, and the PDF too, so that the problems of that are reported.
    ///
    /// # Errors
    ///
    /// All problems of the library and the client file.
    pub fn view(&self) -> Result<View, Problems> {
        let library = self.library.open(self.client.as_deref())?;
        let contract = assemble(&library, self.client.as_deref())?;
        let typesetter = Typesetter::new(&library)?;
        let document = typesetter.lay_out(&contract)?;
        typesetter.export(&document)?;
        let client = contract.client.as_ref().map_or("general edition", |client| &client.name);
        Ok(View {
            title: format!("{client} – {}", contract.title),
            summary: format!(
                "{client}: version {}, {}; {}",
                contract.version.id,
                Count(document.pages(), "page", "pages"),
                LibraryOrigin::of(&library)
            ),
            problems: String::new(),
            pages: document.pictures(),
        })
    }

    /// The folders that the pages depend on. Folders rather than files: a file that is saved by putting
    /// another in its place is still seen.
    #[must_use]
    pub fn folders(&self) -> Vec<PathBuf> {
        let from = self.client.as_deref().and_then(Path::parent).unwrap_or(Path::new(""));
        let mut folders = self.library.search(from).folders();
        if let Some(client) = &self.client {
            let linked = client.canonicalize().ok();
            let files = [Some(client.clone()), linked].into_iter().flatten();
            folders.extend(files.filter_map(|file| Some(here(file.parent()?))));
        }
        folders
    }
}

/// A folder by a name that it can be opened by.
fn here(folder: &Path) -> PathBuf {
    if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder.to_owned() }
}
