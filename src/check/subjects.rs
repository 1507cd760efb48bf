//! What is checked: contracts with the text of their clauses.

use std::collections::BTreeMap;
use std::thread;

use crate::client::Client;
use crate::contract::{Contract, Form};
use crate::diagnostic::{Problems, Source};
use crate::library::Library;
use crate::typeset::{self, ClauseText, Typesetter};

/// What a check is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The library itself, in its combinations of services.
    Library,
    /// The contracts of clients.
    Clients,
}

/// A contract with the text of its clauses.
#[derive(Debug)]
pub struct Subject {
    /// What it is called: the client file's name, or the services of a combination.
    pub name: String,
    /// The contract.
    pub contract: Contract,
    /// The text of each clause, by its path.
    pub texts: BTreeMap<String, ClauseText>,
}

/// The client of a library's check: every key is filled in, so that what is found is the library's.
const SAMPLE: &str = include_str!("sample.toml");

/// What its file is called.
pub(super) const SAMPLE_NAME: &str = "sample.toml";

/// Up to so many services, every combination is checked.
const ALL: usize = 8;

/// The general edition, and a client edition for each combination of services. Of more than eight services, the
/// combinations are those that `selections` chooses: their number grows with that of the services.
///
/// # Errors
///
/// Whatever Typst finds wrong in a clause.
///
/// # Panics
///
/// If a thread does, or none can be started.
pub fn combinations(
    library: &Library,
    typesetter: &Typesetter<'_>,
) -> Result<Vec<Subject>, Problems> {
    let mut contracts =
        vec![("general edition".to_owned(), Contract::general(library, Form::Fields))];
    let services: Vec<&str> = library.catalogue.services.keys().map(String::as_str).collect();
    for taken in selections(&services) {
        let contract = Contract::assemble(&sample(library, &taken)?, Form::Fields);
        contracts.push((taken.join(" + "), contract));
    }
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let size = contracts.len().div_ceil(threads);
    let mut parts = Vec::new();
    while !contracts.is_empty() {
        let rest = contracts.split_off(size.min(contracts.len()));
        parts.push(std::mem::replace(&mut contracts, rest));
    }
    let evaluated: Vec<_> = thread::scope(|scope| {
        let evaluate = |part| {
            let thread = thread::Builder::new().stack_size(typeset::STACK);
            let started = thread.spawn_scoped(scope, move || subjects(typesetter, part));
            started.expect("a process may have as many threads as there are cores")
        };
        let running: Vec<_> = parts.into_iter().map(evaluate).collect();
        running
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    });
    let mut all = Vec::new();
    let mut problems = Problems::new();
    for part in evaluated {
        match part {
            Ok(part) => all.extend(part),
            Err(more) => problems.extend(more),
        }
    }
    // A clause that cannot be read is mostly the same mistake in each combination.
    let mut different = Problems::new();
    for problem in problems {
        if !different.contains(&problem) {
            different.push(problem);
        }
    }
    different.or(all)
}

/// The client of a library's check, who takes these services.
///
/// # Errors
///
/// If the library cannot have such a client.
pub fn sample<'l>(library: &'l Library, services: &[&str]) -> Result<Client<'l>, Problems> {
    let file = Source::new(SAMPLE_NAME, format!("services = {services:?}\n{SAMPLE}"));
    Client::read(&file, library)
}

fn subjects(
    typesetter: &Typesetter<'_>,
    contracts: Vec<(String, Contract)>,
) -> Result<Vec<Subject>, Problems> {
    let mut subjects = Vec::new();
    let mut problems = Problems::new();
    for (name, contract) in contracts {
        let texts = typesetter.texts(&contract);
        typeset::forget();
        match texts {
            Ok(texts) => subjects.push(Subject { name, contract, texts }),
            Err(more) => problems.extend(more),
        }
    }
    problems.or(subjects)
}

/// The combinations to check. Of many services: all of them, each alone, all but each, and pairs of neighbours,
/// taken or left out. So each condition of a clause on one service or two, taken or not, holds in one of them
/// and fails in another: `a and b` in all, `a and not b` in `a` alone, `neither a nor b` in any other alone. Pairs
/// are there for texts that depend on how many services there are.
fn selections<'a>(services: &[&'a str]) -> Vec<Vec<&'a str>> {
    let count = services.len();
    if count <= ALL {
        let taken = |mask: u32| {
            let is_taken = move |index: &usize| mask >> index & 1 == 1;
            (0..count).filter(is_taken).map(|index| services[index]).collect()
        };
        return (1..1_u32 << count).map(taken).collect();
    }
    let singles = (0..count).map(|index| [index, index]);
    let neighbours = (0..count / 2).map(|pair| [2 * pair, 2 * pair + 1]);
    let mut selections = vec![services.to_vec()];
    for some in singles.chain(neighbours) {
        let is_in = |index: &usize| some.contains(index);
        let pick = |wanted: bool| -> Vec<&str> {
            (0..count).filter(|index| is_in(index) == wanted).map(|index| services[index]).collect()
        };
        selections.extend([pick(true), pick(false)]);
    }
    selections
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_services_are_checked_in_every_combination_and_many_singly_and_in_pairs() {
        let names: Vec<String> = (0..12).map(|number| format!("s{number:02}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        assert_eq!(selections(&names[..6]).len(), 63);
        let many = selections(&names);
        assert_eq!(many.len(), 1 + 2 * (12 + 6));
        for (one, other) in names.iter().flat_map(|one| names.iter().map(move |other| (one, other)))
        {
            let holds = |one_taken: bool, other_taken: bool| {
                many.iter().any(|taken| {
                    taken.contains(one) == one_taken && taken.contains(other) == other_taken
                })
            };
            assert!(holds(true, true) && holds(false, false), "{one}, {other}");
            assert!(one == other || holds(true, false), "{one}, {other}");
        }
    }
}
