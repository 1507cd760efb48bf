//! What the library at hand has.

use serde_json::Value;

use crate::support::{Folder, assert_snapshot};

#[test]
fn what_is_listed() {
    let folder = Folder::new();
    for what in ["services", "articles", "layouts"] {
        let run = folder.make(&["list", what]);
        let json = folder.make(&["list", what, "--json"]);
        let reported: Value = serde_json::from_str(&json.stdout).unwrap();
        let rows = reported["results"].as_array().unwrap();
        assert_eq!(rows.len(), run.stdout.lines().count(), "{run}{json}");
        assert_eq!(json.stderr, "");
        assert_snapshot!(format!("list_{what}"), format!("{run}{}\n", rows[0]));
    }
    assert_snapshot!("list_help", folder.make(&["list", "--help"]).to_string());
    assert_snapshot!("list_unknown", folder.fail(&["list", "service"]).to_string());
}

#[test]
fn the_library_is_the_one_at_hand() {
    let folder = Folder::with_library();
    crate::support::copy(&folder.path("layouts/standard"), &folder.path("layouts/plain"));
    let folder = folder.edit("clauses/services.toml", "name = \"Website\"", "name = \"Één site\"");
    let services = folder.make(&["list", "services"]);
    assert!(services.stdout.starts_with("website        Één site       Contact"), "{services}");
    assert_snapshot!("list_layouts_of_a_folder", folder.make(&["list", "layouts"]).to_string());
    let embedded = folder.make(&["list", "services", "--embedded"]);
    assert!(embedded.stdout.starts_with("website        Website  "), "{embedded}");

    let broken = folder.edit("clauses/services.toml", "[service.hosting]", "[dienst.hosting]");
    let run = broken.fail(&["list", "articles"]);
    assert_eq!((run.code, &*run.stdout), (Some(1), ""), "{run}");
    let json = broken.fail(&["list", "articles", "--json"]);
    let reported: Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(reported["problems"].as_array().unwrap().len(), 1);
}
