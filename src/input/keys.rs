//! Which keys the tables of a file may have, by what serde says of a key that none has.

use serde::de::DeserializeOwned;

/// How deep tables are looked at.
const DEPTH: usize = 3;

/// A key that no table has.
const NO_KEY: &str = "\"?\" = 0";

/// A table that a file may have.
pub struct Table {
    /// Its header, `[client.signatory]`; none for the keys before the first table.
    pub header: Option<String>,
    /// Its keys.
    pub keys: Vec<String>,
}

/// All tables that a file of this type may have, those in tables of any name left out.
pub fn tables<Raw: DeserializeOwned>() -> Vec<Table> {
    let mut tables = Vec::new();
    collect::<Raw>(&mut Vec::new(), &mut tables);
    tables
}

fn collect<Raw: DeserializeOwned>(path: &mut Vec<(String, bool)>, tables: &mut Vec<Table>) {
    let inside = path.iter().rev().fold(NO_KEY.to_owned(), |inside, (name, is_list)| {
        if *is_list {
            format!("{name} = [{{ {inside} }}]")
        } else {
            format!("{name} = {{ {inside} }}")
        }
    });
    let Err(error) = toml::from_str::<Raw>(&inside) else { return };
    let Some(keys) = known_keys(error.message()) else { return };
    let names: Vec<&str> = path.iter().map(|(name, _)| name.as_str()).collect();
    let header = path.last().map(|(_, is_list)| {
        let name = names.join(".");
        if *is_list { format!("[[{name}]]") } else { format!("[{name}]") }
    });
    tables.push(Table { header, keys: keys.clone() });
    if path.len() == DEPTH {
        return;
    }
    for key in keys {
        for is_list in [false, true] {
            path.push((key.clone(), is_list));
            collect::<Raw>(path, tables);
            path.pop();
        }
    }
}

/// The keys that serde names where it finds one that it does not know.
fn known_keys(message: &str) -> Option<Vec<String>> {
    let known = message.strip_prefix("unknown field `?`")?;
    Some(known.split('`').skip(1).step_by(2).map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only the names count")]
    struct Raw {
        name: Option<String>,
        inner: Option<Inner>,
        list: Option<Vec<Inner>>,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only the names count")]
    struct Inner {
        count: Option<u32>,
    }

    #[test]
    fn tables_are_found_with_their_keys() {
        let tables: Vec<(String, String)> = tables::<Raw>()
            .into_iter()
            .map(|table| (table.header.unwrap_or_default(), table.keys.join(" ")))
            .collect();
        let expected = [("", "name inner list"), ("[inner]", "count"), ("[[list]]", "count")];
        assert_eq!(tables, expected.map(|(header, keys)| (header.to_owned(), keys.to_owned())));
    }
}
