//! The house: no file of the program uses one that uses it, by `use`, by `pub use` or by a path within the code,
//! and no room knows one above it. The table in `src/lib.rs` says which rooms each room may know. Files are
//! short, and the commands are a small part of them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use regex::Regex;

use crate::support::{files_below, repository};

/// The files of the program by their module, as `ops::make`; each with the paths that it names.
struct House(BTreeMap<String, Vec<Import>>);

/// Where the unit tests of a file begin: they are no part of the house.
const TESTS: &str = "#[cfg(test)]\nmod tests";

struct Import {
    path: String,
    is_public: bool,
}

impl House {
    fn read() -> Self {
        let remark = Regex::new("//.*").unwrap();
        let import = Regex::new(r"(?m)^\s*(pub(?:\([^)]*\))?\s+)?use\s+([^;]+);").unwrap();
        let no_code = Regex::new(r#"'"'|pub\(in [^)]*\)|"(?:\\.|[^"\\])*""#).unwrap();
        let inline = Regex::new(r"(?:\w+::)+\w+").unwrap();
        let root = repository().join("src");
        let mut files = BTreeMap::new();
        for path in files_below(&root).into_iter().filter(|path| path.ends_with("rs")) {
            let text = fs::read_to_string(root.join(&path)).unwrap();
            let text = text.split(TESTS).next().unwrap();
            let text = remark.replace_all(text, "");
            let name = path.trim_end_matches(".rs").trim_end_matches("/mod").replace('/', "::");
            let mut imports = Vec::new();
            for found in import.captures_iter(&text) {
                let is_public = found.get(1).is_some();
                let paths = single_paths(&found[2]).into_iter();
                imports.extend(paths.map(|path| Import { path, is_public }));
            }
            let code = import.replace_all(&text, "");
            let code = no_code.replace_all(&code, "");
            let paths = inline.find_iter(&code).map(|path| path.as_str().to_owned());
            imports.extend(paths.map(|path| Import { path, is_public: false }));
            files.insert(name, imports);
        }
        Self(files)
    }

    /// The file that a path of a `use` line leads to, through the names that files pass on; none outside.
    fn target(&self, from: &str, path: &str) -> Option<String> {
        let mut parts: Vec<&str> = path.split("::").collect();
        let mut module = from.to_owned();
        match parts[0] {
            "crate" => module = String::new(),
            "self" => {}
            "super" => module = parent(&module),
            child if self.0.contains_key(&join(&module, child)) => module = join(&module, child),
            _ => return None,
        }
        parts.remove(0);
        while parts.first() == Some(&"super") {
            module = parent(&module);
            parts.remove(0);
        }
        for part in parts {
            if self.0.contains_key(&join(&module, part)) {
                module = join(&module, part);
                continue;
            }
            let passed_on = self.0.get(&module).into_iter().flatten();
            let mut passed_on = passed_on.filter(|import| import.is_public);
            let own = passed_on.find(|import| import.path.split("::").last() == Some(part));
            return own.and_then(|own| self.target(&module, &own.path)).or(Some(module));
        }
        Some(module)
    }

    /// Which files each file uses.
    fn imports(&self) -> BTreeMap<&str, BTreeSet<String>> {
        let is_part = |name: &&String| *name != "lib" && *name != "main";
        let files = self.0.iter().filter(|(name, _)| is_part(name));
        let imports = files.map(|(name, imports)| {
            let targets = imports.iter().filter_map(|import| self.target(name, &import.path));
            let targets = targets.filter(|target| target != name && !target.is_empty());
            (name.as_str(), targets.collect())
        });
        imports.collect()
    }
}

fn parent(module: &str) -> String {
    module.rsplit_once("::").map_or("", |(parent, _)| parent).to_owned()
}

fn join(module: &str, child: &str) -> String {
    if module.is_empty() { child.to_owned() } else { format!("{module}::{child}") }
}

/// `a::{b, c::{d, e}}` as `a::b`, `a::c::d`, `a::c::e`.
fn single_paths(text: &str) -> Vec<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let Some((before, inside)) = text.split_once('{') else {
        return vec![text.split(" as ").next().unwrap_or_default().trim().to_owned()];
    };
    let inside = inside.rsplit_once('}').map_or(inside, |(inside, _)| inside);
    let mut depth = 0;
    let parts = inside.split(|character| {
        depth += i32::from(character == '{') - i32::from(character == '}');
        character == ',' && depth == 0
    });
    let parts = parts.map(str::trim).filter(|part| !part.is_empty());
    parts.flat_map(|part| single_paths(&format!("{}{part}", before.trim()))).collect()
}

#[test]
fn no_two_files_use_each_other_by_whatever_way() {
    let house = House::read();
    let imports = house.imports();
    assert!(
        imports.len() > 80 && imports["ops::renew"].contains("ops::documents"),
        "they are read"
    );
    for start in imports.keys() {
        let mut reached: BTreeSet<&str> = BTreeSet::new();
        let mut next = vec![*start];
        while let Some(file) = next.pop() {
            for target in imports.get(file).into_iter().flatten() {
                assert!(target != start, "`{start}` uses itself, by way of `{file}`");
                if reached.insert(target) {
                    next.push(target);
                }
            }
        }
    }
}

#[test]
fn no_room_knows_one_above_it() {
    let lib = fs::read_to_string(repository().join("src/lib.rs")).unwrap();
    let row = Regex::new(r"(?m)^//! \| \[`(\w+)`\] \|.*\| (.*) \|$").unwrap();
    let name = Regex::new(r"`(\w+)`").unwrap();
    let rows: Vec<(String, String)> =
        row.captures_iter(&lib).map(|row| (row[1].to_owned(), row[2].to_owned())).collect();
    let room = |file: &str| file.split("::").next().unwrap_or_default().to_owned();
    let house = House::read();
    let imports = house.imports();
    for (index, (own, may_know)) in rows.iter().enumerate() {
        let allowed: BTreeSet<String> = if may_know == "everything below" {
            rows[index + 1..].iter().map(|(room, _)| room.clone()).collect()
        } else {
            name.captures_iter(may_know).map(|name| name[1].to_owned()).collect()
        };
        for (file, targets) in imports.iter().filter(|(file, _)| room(file) == *own) {
            for target in targets.iter().filter(|target| room(target) != *own) {
                assert!(allowed.contains(&room(target)), "`{file}` may not use `{target}`");
            }
        }
    }
    let rooms: BTreeSet<String> = imports.keys().map(|file| room(file)).collect();
    let listed: BTreeSet<String> = rows.into_iter().map(|(room, _)| room).collect();
    assert_eq!(rooms, listed, "the table of src/lib.rs has every room");
}

#[test]
fn files_are_short_and_commands_are_thin() {
    let (mut all, mut of_commands) = (0, 0);
    let mut too_long = Vec::new();
    for path in files_below(&repository().join("src")).into_iter().filter(|p| p.ends_with("rs")) {
        let lines = fs::read_to_string(repository().join("src").join(&path)).unwrap();
        let lines = lines.lines().count();
        let is_command = path.starts_with("cli/");
        all += lines;
        of_commands += if path.starts_with("cli/") { lines } else { 0 };
        if lines > if is_command { 150 } else { 400 } {
            too_long.push(format!("{path} has {lines} lines"));
        }
    }
    assert_eq!(too_long, Vec::<String>::new());
    assert!(of_commands * 100 < all * 22, "cli has {of_commands} of {all} lines");
}
