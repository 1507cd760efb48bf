//! `subprocessors.toml`: the processor's own sub-processors, each once.

use std::sync::Arc;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use crate::countries::Countries;
use crate::diagnostic::{Diagnostic, Problems, Source};
use crate::input::{self, Spanned, Text};
use crate::schema;
use crate::subprocessor::{Asked, BASIS_NAMES, RawSubprocessor, Subprocessor};

/// The processor's own sub-processors, by id, in the file's order.
pub type Subprocessors = IndexMap<String, Subprocessor>;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RawSubprocessors {
    /// De subverwerkers van de verwerker, elk eenmaal.
    ///
    /// The processor's own sub-processors, by id, each once.
    #[serde(default)]
    subprocessor: IndexMap<Text, Spanned<RawSubprocessor>>,
}

/// Reads `subprocessors.toml`; `categories` are the ids of services.toml that it may name.
///
/// # Errors
///
/// All problems of the file.
pub fn read(
    source: &Arc<Source>,
    categories: &[&str],
    countries: &Countries,
) -> Result<Subprocessors, Problems> {
    let whole = 0..source.text.len();
    input::toml(source, whole, |raw: RawSubprocessors, check| {
        let mut all = Subprocessors::new();
        for (id, raw) in raw.subprocessor {
            let read = raw.into_inner().check(check, &id.span(), Asked::All, categories, countries);
            if let Some(read) = read {
                if let Some((other, _)) = all.iter().find(|(_, known)| known.name == read.name) {
                    let twice = format!("`{}` is there twice, as `{other}` too", read.name);
                    let twice = Diagnostic::error(twice).at(check.source, id.span());
                    check.problem(
                        twice.hint("write each sub-processor once, with all its categories"),
                    );
                }
                all.insert(id.into_inner(), read);
            }
        }
        Some(all)
    })
}

/// The JSON Schema of `subprocessors.toml`; `categories` are the ids of services.toml that it may name.
#[must_use]
pub fn schema(categories: &[&str]) -> Value {
    let mut schema = schema::of::<RawSubprocessors>(&[
        ("subprocessor-category", categories),
        ("basis", &BASIS_NAMES),
    ]);
    let table = &mut schema["properties"]["subprocessor"];
    // What a client file may leave out must be there: the processor knows its own sub-processors.
    table["additionalProperties"]["required"] = serde_json::json!([
        "name",
        "address",
        "country",
        "contact",
        "categories",
        "processing",
        "since"
    ]);
    schema
}
