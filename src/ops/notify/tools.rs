//! What notices are made with.

use std::collections::HashMap;

use indexmap::IndexMap;

use crate::diagnostic::Problems;
use crate::library::Found;
use crate::ops::documents::KeptDocument;
use crate::ops::gate::Gate;
use crate::ops::sources::LoadedLibrary;
use crate::typeset::Typesetter;

/// What notices are made with, of one library.
pub struct Tools<'a> {
    /// The library.
    pub loaded: &'a LoadedLibrary,
    /// What sets its papers.
    pub typesetter: Typesetter<'a>,
    /// What a contract must pass.
    pub gate: Gate<'a>,
}

/// The tools of each library that is needed; one that they cannot be made for is reported and left out.
pub fn tools<'a>(
    libraries: &'a IndexMap<Found, LoadedLibrary>,
    todo: &[&KeptDocument],
    problems: &mut Problems,
) -> HashMap<&'a Found, Tools<'a>> {
    let mut tools = HashMap::new();
    for (found, loaded) in libraries {
        if !todo.iter().any(|document| document.found == *found) {
            continue;
        }
        match Typesetter::new(&loaded.library) {
            Ok(typesetter) => {
                let gate = Gate::new(&loaded.library);
                tools.insert(found, Tools { loaded, typesetter, gate });
            }
            Err(more) => problems.extend(more),
        }
    }
    tools
}
