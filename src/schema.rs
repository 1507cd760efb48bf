//! JSON Schema of the files that users write, out of the types that read them: what editors complete and check
//! by.
//!
//! Draft 7 without references: what editors with TOML support all understand. The types say what they can:
//! keys, what is required, lists, remarks. Here follows what they cannot: a text is one line that shows, and an
//! id is one of those that the library at hand has.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

/// A text begins and ends with something else than a space, and is one line. Each dialect of patterns means
/// something else by `\s`, so all spaces are named.
const LINE: &str = r"^[^ \u00A0\u1680\u2000-\u200A\u202F\u205F\u3000](.*[^ \u00A0\u1680\u2000-\u200A\u202F\u205F\u3000])?$";

/// What no text may be: blank, or with a character that paper does not show; as [`crate::input::Checker::text`]
/// has it, but for characters beyond U+FFFF, which each dialect of patterns writes in another way.
const UNSEEN: &str = concat!(
    r"^[ \u00A0\u061C\u115F\u1160\u1680\u2000-\u200A\u200E\u200F\u202F\u205F\u2800\u3000\u3164\uFFA0]+$|[\u0000-\u001F\u007F-\u009F\u00AD",
    r"\u0600-\u0605\u06DD\u070F\u08E2\u180E\u200B-\u200D\u2028-\u202E\u2060-\u206F\uE000-\uF8FF",
    r"\uFEFF\uFFF9-\uFFFB]",
);

/// The ids of a kind: `("service", ["website", …])`; without any, only their form counts.
pub type Ids<'a> = (&'a str, &'a [&'a str]);

/// The schema of a file that is read into `Raw`. A field marked `x-ids` holds ids of that kind: one, a list of
/// them, or tables by id.
#[must_use]
pub fn of<Raw: JsonSchema>(ids: &[Ids<'_>]) -> Value {
    let mut settings = SchemaSettings::draft07();
    settings.inline_subschemas = true;
    let mut schema = settings.into_generator().into_root_schema_for::<Raw>().to_value();
    if let Some(root) = schema.as_object_mut() {
        root.remove("title");
        finish(root, ids);
    }
    schema
}

/// A schema as it stands in a file, but for the last line end.
#[must_use]
pub fn text(schema: &Value) -> String {
    // A value of this type is JSON already.
    serde_json::to_string_pretty(schema).unwrap_or_default()
}

/// Completes a schema and all below it.
fn finish(schema: &mut Map<String, Value>, ids: &[Ids<'_>]) {
    without_null(schema);
    for below in ["items", "additionalProperties"] {
        if let Some(Value::Object(inner)) = schema.get_mut(below) {
            finish(inner, ids);
        }
    }
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        properties.values_mut().filter_map(Value::as_object_mut).for_each(|s| finish(s, ids));
    }
    let kind = schema.remove("x-ids");
    if let Some((_, known)) = ids.iter().find(|(id, _)| kind.as_ref().is_some_and(|k| k == id)) {
        restrict(schema, known);
    } else if schema.get("type") == Some(&json!("string")) {
        if !schema.contains_key("pattern") {
            schema.insert("pattern".into(), LINE.into());
        }
        schema.insert("not".into(), json!({ "pattern": UNSEEN }));
    }
}

/// A key that may be left out is not null: TOML has no null.
fn without_null(schema: &mut Map<String, Value>) {
    if let Some(Value::Array(types)) = schema.get_mut("type") {
        types.retain(|name| name != "null");
        if let [only] = &types[..] {
            let only = only.clone();
            schema.insert("type".into(), only);
        }
    }
}

/// Only these ids: as a value, in a list, or as keys.
fn restrict(schema: &mut Map<String, Value>, known: &[&str]) {
    let one = if known.is_empty() {
        json!({ "type": "string", "pattern": "^[a-z0-9-]+$", "not": { "pattern": "^(annex-.*|dpa-.*|agreed)$" } })
    } else {
        json!({ "type": "string", "enum": known })
    };
    match schema.get("type").and_then(Value::as_str) {
        Some("array") => {
            schema.insert("items".into(), one);
            schema.insert("uniqueItems".into(), true.into());
        }
        Some("object") => {
            let table = schema.insert("additionalProperties".into(), false.into());
            let table = table.unwrap_or(true.into());
            let tables = known.iter().map(|id| ((*id).to_owned(), table.clone())).collect();
            schema.insert("properties".into(), Value::Object(tables));
        }
        _ => schema.extend(one.as_object().cloned().unwrap_or_default()),
    }
}
