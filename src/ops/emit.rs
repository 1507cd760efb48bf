//! Writing the Typst project of a contract.

use std::path::Path;

use crate::contract::Contract;
use crate::contract::project::Project;
use crate::diagnostic::{Diagnostic, Slashed};
use crate::library::{Files, Library};
use crate::store::{self, Existing};

/// Writes the Typst project, all of it or nothing. What else is in its folders would be compiled with it,
/// or seem to belong to it, so there may be nothing else.
pub(super) fn emit(
    contract: &Contract,
    library: &Library,
    folder: &Path,
    existing: Existing,
) -> Result<(), Diagnostic> {
    let project = Project::new(contract, library);
    for part in ["clauses", "layouts"].map(|part| (part, folder.join(part))) {
        let there = if part.1.is_dir() { Files::folder(&part.1)? } else { continue };
        let strange =
            there.paths().find(|path| !project.files.contains_key(&format!("{}/{path}", part.0)));
        if let Some(path) = strange {
            let path = part.1.join(path);
            return Err(Diagnostic::failure(format!(
                "`{}` is not of this project",
                path.slashed()
            ))
            .hint("emit into an empty folder"));
        }
    }
    for (path, bytes) in &project.files {
        store::check_free(&folder.join(path), bytes, existing)?;
    }
    for (path, bytes) in &project.files {
        store::write(&folder.join(path), bytes, existing)?;
    }
    Ok(())
}
