//! Everything that a memo is made of.

use std::path::{Path, PathBuf};

use super::proposed::{self, Proposed};
use crate::check::{self, Bearing, Checked, Lang, Rules};
use crate::compare::AgreementText;
use crate::contract::{Contract, Form};
use crate::diagnostic::{Diagnostic, Problems};
use crate::library::Library;
use crate::ops::check::check_library;
use crate::ops::sources::read_client;
use crate::typeset::{self, Typesetter};

/// Everything that a memo is made of.
pub struct Findings<'l> {
    pub library: &'l Library,
    pub lang: Lang,
    pub rules: Rules,
    pub checked: Checked,
    /// The contract that the sentences are of: the client's, or one of a client who takes every service.
    pub contract: Contract,
    /// Its text.
    pub text: AgreementText,
    /// The client's name; none if the memo is about the library.
    pub client: Option<String>,
    pub bearing: Bearing,
    /// None if the proposals do not go with the library.
    pub proposed: Option<Proposed>,
}

impl<'l> Findings<'l> {
    /// Checks the library, or the contract of a client; what is odd goes to `warnings`.
    ///
    /// # Errors
    ///
    /// All problems of the library or the client file.
    pub fn of(
        library: &'l Library,
        client: Option<&Path>,
        warnings: &mut Problems,
    ) -> Result<Self, Problems> {
        let lang = lang(library);
        let clients: Vec<PathBuf> = client.map(Path::to_owned).into_iter().collect();
        let mut problems = Problems::new();
        let checked = check_library(library, &clients, lang, None, &mut problems)
            .map_err(|more| problems.extend(more));
        let Ok(checked) = checked else { return Err(problems) };
        let rules = Rules::new(library)?;
        let services = proposed::services(library);
        let subject = match client {
            Some(path) => read_client(path, library)?,
            None => check::sample(library, &services)?,
        };
        let contract = Contract::assemble(&subject, Form::Fields);
        let texts = Typesetter::new(library)?.texts(&contract)?;
        typeset::forget();
        let text = proposed::text(&contract, &texts)?;
        let proposed = match proposed::of(library, (&contract, &text), client) {
            Ok(proposed) => Some(proposed),
            Err(problems) => {
                let reason =
                    problems.iter().next().map(|it| it.message.clone()).unwrap_or_default();
                let problem = format!("the proposals do not go with this library: {reason}");
                warnings.push(Diagnostic::warning(problem).hint("the memo shows none"));
                None
            }
        };
        let name = contract.client.as_ref().map(|party| party.name.clone());
        let client = client.and(name);
        let subject = check::Subject { name: String::new(), contract: contract.clone(), texts };
        let bearing = Bearing::of(library, &rules, subject);
        Ok(Self { library, lang, rules, checked, contract, text, client, bearing, proposed })
    }
}

/// The language of the memo: that of the contract.
pub fn lang(library: &Library) -> Lang {
    if library.contents.language.code == "nl" { Lang::Nl } else { Lang::En }
}
