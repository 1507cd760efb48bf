//! Every mistake in a clause library or a layout is reported where it was made. Each test takes a copy of the
//! repository's own library and makes one mistake in it.

use std::fs;
#[cfg(unix)]
use std::os::unix::fs::symlink;
#[cfg(unix)]
use std::process::Command;

use crate::stress::Random;
use crate::support::{ACME, ACME_PDF, Folder, assert_snapshot};

const CONTRACT: &str = "clauses/contract.toml";
const SERVICES: &str = "clauses/services.toml";
const SECURITY: &str = "clauses/articles/security.typ";

/// Holds what the program says of this library against its snapshot.
fn assert_fails(name: &str, library: impl FnOnce(Folder) -> Folder) {
    let folder = library(Folder::with_library());
    let run = folder.fail(&["--client", "acme.toml"]);
    assert_eq!(run.code, Some(1), "the input has a problem\n{run}");
    assert_eq!(run.stdout, "", "nothing was made");
    assert_snapshot!(name, run.to_string());
}

#[test]
fn what_each_contract_covers() {
    let parties = "clauses/articles/parties.typ";
    assert_fails("scope_unknown_word", |folder| {
        folder.edit(parties, "[websites, webshops", "[websits, webshops")
    });
    assert_fails("scope_not_used", |folder| folder.edit(CONTRACT, " - {scope}", ""));
    assert_fails("place_unknown", |folder| {
        folder.edit(CONTRACT, "van {processor}", "van {verwerker}")
    });
    assert_fails("place_unknown_in_a_service", |folder| {
        folder.edit(SERVICES, "waar {processor} beheer", "waar {procesor} beheer")
    });
    assert_fails("language_of_other_clauses", |folder| {
        folder.edit(CONTRACT, "language = \"nl\"", "language = \"en\"")
    });
}

#[cfg(unix)]
#[test]
fn references_to_nothing_by_the_thousand_take_some_seconds() {
    let nowhere: Vec<String> = (0..2_000).map(|number| format!("@nergens-{number}")).collect();
    for between in [".\nZie ", " "] {
        let folder =
            Folder::with_library().append(SECURITY, &format!("\nZie {}.\n", nowhere.join(between)));
        let run = folder.run_with(&[], |command| {
            // Of the processor's time: what else the machine does is not counted.
            let limited = "ulimit -t 30; exec \"$0\" check";
            let program = std::mem::replace(command, Command::new("sh"));
            command.args(["-c", limited]).arg(program.get_program()).current_dir(folder.path(""));
        });
        assert_eq!(run.code, Some(1), "it is done in time\n{}", run.stderr);
        assert!(run.stdout.contains("more problems in `clauses/articles/security.typ`"), "{run}");
    }
}

#[test]
fn subprocessors_toml() {
    assert_fails("subprocessors", |folder| {
        folder.file(
            "clauses/subprocessors.toml",
            "[subprocessor.a]\nname = \"A Inc.\"\ncountry = \"VS\"\ncontact = \"a@b\"\ncategories = [\"opslag\"]\n\
             [subprocessor.b]\nname = \"B\"\naddress = \"Straat 1\"\ncountry = \"Frankreich\"\ncontact = \"b@b.example\"\n\
             categories = [\"hosting\"]\nprocessing = \"Opslag\"\nsince = 2026-01-01\n\
             [subprocessor.c]\nname = \"B\"\naddress = \"Straat 1\"\ncountry = \"France\"\ncontact = \"b@b.example\"\n\
             categories = [\"email\"]\nprocessing = \"Post\"\nsince = 2026-01-01\n",
        )
    });
    assert_fails("subprocessors_narrowed", |folder| {
        let named = "[subprocessor.b]\nname = \"B\"\naddress = \"Straat 1\"\ncountry = \"FR\"\ncontact = \"b@b.example\"\n\
             categories = [\"hosting\"]\nprocessing = \"Opslag\"\nsince = 2026-01-01\n";
        folder.file("clauses/subprocessors.toml", named).append(
            "acme.toml",
            "\n[subprocessors]\nhosting = [\"c\"]\nemail = [\"b\"]\npayment = [\"b\"]\n",
        )
    });
    assert_fails("requirements_with_countries", |folder| {
        folder.edit(
            "clauses/requirements.toml",
            "[example-terms]",
            "eea = [\"Nederland\"]\n[example-terms]",
        )
    });
}

#[test]
fn the_copy_itself_is_in_order() {
    Folder::with_library().make(&["--client", "acme.toml"]);
}

#[test]
fn contract_toml() {
    let edit = |name: &str, part: &str, by: &str| {
        assert_fails(name, |folder| folder.edit(CONTRACT, part, by));
    };
    edit("contract_unknown_key", "\nsubtitle = ", "\nsubtitel = ");
    edit("contract_without_version", "\nversion = 2026-06-12\n", "\n");
    edit("contract_version_is_a_text", "version = 2026-06-12", "version = \"2026-06-12\"");
    edit("contract_unknown_language", "language = \"nl\"", "language = \"de\"");
    edit("contract_unknown_layout", "layout = \"standard\"", "layout = \"standaard\"");
    edit("contract_file_name_with_a_slash", "\"verwerkersovereenkomst\"", "\"a/b\"");
    edit("contract_article_without_file", "\"liability\"", "\"liabilities\"");
    edit("contract_article_left_out", "    \"liability\",\n", "");
    edit("contract_article_twice", "\"liability\"", "\"liability\", \"parties\"");
    edit("contract_article_with_a_path", "\"liability\"", "\"../articles/liability\"");
    edit("contract_without_processor_name", "name = \"MNRV\"\n", "");
    assert_fails("contract_terms", |folder| {
        folder.append(CONTRACT, "\n[terms]\nbreach-hours = 73\ndeletion-day = 30\n")
    });
    let brand = |name: &str, brand: &str| {
        assert_fails(name, |folder| folder.append(CONTRACT, &format!("\n[brand]\n{brand}\n")));
    };
    brand("brand_accent", "accent = \"blauw\"");
    brand("brand_accent_short", "accent = \"#fff\"");
    brand("brand_accent_light", "accent = \"#e8b923\"");
    brand("brand_logo_not_there", "logo = \"logo.svg\"\nlogo-alt = \"MNRV\"");
    brand("brand_logo_is_a_clause", "logo = \"signature.typ\"\nlogo-alt = \"MNRV\"");
    brand("brand_alt_without_logo", "logo-alt = \"MNRV\"");
    brand("brand_logo_outside", "logo = \"../acme.svg\"\nlogo-alt = \"MNRV\"");
    let square = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>";
    assert_fails("brand_logo_without_alt", |folder| {
        folder.file("clauses/logo.svg", square).append(CONTRACT, "\n[brand]\nlogo = \"logo.svg\"\n")
    });
    assert_fails("brand_logo_is_no_picture", |folder| {
        folder
            .file("clauses/logo.svg", "no picture")
            .append(CONTRACT, "\n[brand]\nlogo = \"logo.svg\"\nlogo-alt = \"MNRV\"\n")
    });
    assert_fails("contract_not_there", |folder| folder.without(CONTRACT));
}

#[test]
fn a_wrong_number_of_the_processor_is_wrong_and_not_missing_too() {
    let run = Folder::with_library()
        .edit(CONTRACT, "\"99723611\"", "\"9972361\"")
        .fail(&["--client", "acme.toml"]);
    assert!(run.stderr.contains("`9972361` is not a KvK number"), "{run}");
    assert_eq!(run.stderr.matches("error: ").count(), 1, "{run}");
}

#[test]
fn a_logo_that_is_in_order() {
    let square = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>";
    Folder::with_library()
        .file("clauses/logo.svg", square)
        .append(CONTRACT, "\n[brand]\nlogo = \"logo.svg\"\nlogo-alt = \"MNRV\"\n")
        .make(&["--client", "acme.toml"]);
}

#[test]
fn services_toml() {
    let edit = |name: &str, part: &str, by: &str| {
        assert_fails(name, |folder| folder.edit(SERVICES, part, by));
    };
    edit("services_unknown_key", "purpose = \"Contact, ", "purposes = \"Contact, ");
    edit("services_without_name", "name = \"Website\"\n", "");
    edit(
        "services_unused_data_category",
        ", \"uploads\"]\ndata-subjects = [\n    \"Gebruikers van de gehoste",
        ", \"upload\"]\ndata-subjects = [\n    \"Gebruikers van de gehoste",
    );
    edit("services_unknown_subprocessors", "\"payment\", ", "\"payments\", ");
    edit("services_unused_subprocessors", "\"payment\", ", "");
    edit("services_unused_measure", "measures = [\"recovery\"]", "measures = []");
    edit(
        "services_base_is_a_text",
        "TLS-certificaten.\"\nbase = true",
        "TLS-certificaten.\"\nbase = \"ja\"",
    );
    assert_fails("services_not_there", |folder| folder.without(SERVICES));
    assert_fails("services_empty", |folder| folder.file(SERVICES, ""));
}

#[test]
fn requirements_toml() {
    assert_fails("requirements_not_there", |folder| folder.without("clauses/requirements.toml"));
    assert_fails("requirements_unknown_key", |folder| {
        folder.edit("clauses/requirements.toml", "[requirement.avg-82]", "[requirements.avg-82]")
    });
}

#[test]
fn clause_metadata() {
    let edit = |name: &str, part: &str, by: &str| {
        assert_fails(name, |folder| folder.edit(SECURITY, part, by));
    };
    edit("clause_without_metadata", "/*\ntitle", "//\ntitle");
    edit("clause_metadata_not_closed", "*/", "");
    edit("clause_without_title", "title  = \"Beveiligingsmaatregelen\"\n", "");
    edit("clause_unknown_key", "covers", "cover");
    edit("clause_unknown_when", "covers", "when = [\"hostng\"]\ncovers");
    edit("clause_empty_when", "covers", "when = []\ncovers");
    edit("clause_unknown_covers", "\"avg-28-3-c\"", "\"avg-28-3-z\"");
    edit(
        "clause_syntax_error_in_metadata",
        "\"Beveiligingsmaatregelen\"",
        "Beveiligingsmaatregelen",
    );
    assert_fails("clause_not_listed", |folder| {
        folder.file("clauses/articles/extra.typ", "/* title = \"Extra\" */\n")
    });
    assert_fails("clause_at_the_wrong_place", |folder| {
        folder.file("clauses/extra.typ", "/* title = \"Extra\" */\n")
    });
    assert_fails("clause_not_utf_8", |folder| {
        folder.file(SECURITY, b"/* title = \"Beveiliging\" */\n\nCaf\xE9\n")
    });
    assert_fails("clause_signature_not_there", |folder| folder.without("clauses/signature.typ"));
}

#[test]
fn clause_text() {
    let append = |name: &str, text: &str| {
        assert_fails(name, |folder| folder.append(SECURITY, &format!("\n{text}\n")));
    };
    append("text_syntax_error", "MNRV *treft maatregelen.");
    append("text_unclosed_code", "#if true [ja");
    append("text_unknown_variable", "Van #leverancier aan opdrachtgever.");
    append("text_runtime_error", "#panic(\"nog te schrijven\")");
    append("text_unknown_reference", "Zie @beveiliging.");
    append("text_unknown_paragraph", "Zie @retention-and-deletion.verwijdering.");
    append("text_paragraph_under_a_condition", "Zie @retention-and-deletion.deletion.");
    append("text_paragraph_without_a_label", "Zie @liability.cap.");
    append("text_font_not_there", "#set text(font: \"Comic Sans MS\")\nTekst.");
    append("text_character_without_font", "Tekst 漢.");
    append("text_key_of_the_client_not_there", "#import \"/contract.typ\": client\n#client.naam");
    append("text_endless_loop", "#let f(x) = f(x + 1)\n#f(0)");
}

#[test]
fn a_reference_needs_its_article_in_the_selection() {
    let library = || Folder::with_library().append(SECURITY, "\nZie @ai-systems.\n");
    let run = library().fail(&["--client", "acme.toml"]);
    assert_eq!(run.code, Some(1));
    assert_snapshot!("reference_to_an_article_left_out", run.to_string());

    let taken = ACME.replace("\"website\"", "\"website\", \"ai-agent\"");
    let folder = library().file("acme.toml", taken);
    folder.make(&["--client", "acme.toml"]);
    assert!(folder.prose(ACME_PDF).contains("Zie artikel 12."));
}

#[test]
fn a_reference_to_an_annex_left_out_is_told_too() {
    let folder = Folder::with_library()
        .edit("clauses/annexes/subprocessors.typ", "covers", "when = [\"webshop\"]\ncovers")
        .append(SECURITY, "\nZie @annex-subprocessors.\n");
    let run = folder.fail(&["--client", "acme.toml"]);
    assert_snapshot!("reference_to_an_annex_left_out", run.to_string());
    let folder = folder.file("acme.toml", ACME.replace("website", "webshop"));
    folder.make(&["--client", "acme.toml"]);
    assert!(folder.prose(ACME_PDF).contains("Zie Bijlage 3."));
}

#[test]
fn layouts() {
    assert_fails("layout_font_is_no_font", |folder| {
        folder.file("layouts/standard/fonts/Huisstijl.ttf", "no font")
    });
    assert_fails("layout_font_of_random_bytes", |folder| {
        let mut random = Random(20_260_612);
        let bytes = (0..4_000).map(|_| u8::try_from(random.below(256)).unwrap());
        folder.file("layouts/standard/fonts/Huisstijl.TTF", bytes.collect::<Vec<u8>>())
    });
    assert_fails("layout_font_beside_its_fonts", |folder| {
        folder.file("layouts/standard/Huisstijl.ttf", "no font")
    });
    assert_fails("layout_syntax_error", |folder| {
        folder.append("layouts/parts/cover.typ", "\n#let x = (\n")
    });
    assert_fails("layout_words_without_a_key", |folder| {
        folder.edit("layouts/parts/words/nl.toml", "contents = ", "inhoud = ")
    });
    assert_fails("layout_without_words_of_the_language", |folder| {
        folder.without("layouts/parts/words/nl.toml")
    });
    assert_fails("layout_without_main", |folder| folder.without("layouts/standard/main.typ"));
    assert_fails("layout_that_does_not_settle", |folder| {
        folder.append(
            "layouts/standard/main.typ",
            "\n#let n = state(\"n\", 0)\n#context n.update(n.final() + 1)\n#context n.final()\n",
        )
    });
}

#[cfg(unix)]
#[test]
fn links_out_of_the_library() {
    assert_fails("link_to_a_file", |folder| {
        fs::remove_file(folder.path(SECURITY)).unwrap();
        symlink("/etc/hostname", folder.path(SECURITY)).unwrap();
        folder
    });
    assert_fails("link_to_a_folder", |folder| {
        symlink("/etc", folder.path("layouts/standard/fonts")).unwrap();
        folder
    });
}

#[test]
fn all_problems_of_all_files_are_told_in_one_run() {
    assert_fails("library_many_mistakes", |folder| {
        folder
            .edit(SECURITY, "covers", "cover")
            .edit("clauses/articles/liability.typ", "covers", "when = [\"hostng\"]\ncovers")
            .file("clauses/articles/extra.typ", "/* title = \"Extra\" */\n")
            .edit(CONTRACT, "layout = \"standard\"", "layout = \"standaard\"")
    });
}

#[test]
fn hidden_files_and_notes_are_no_mistake() {
    Folder::with_library()
        .file("clauses/articles/.security.typ.swp", "x")
        .file("clauses/notes.md", "x")
        .make(&["--client", "acme.toml"]);
}

#[test]
fn a_picture_of_too_many_pixels_is_refused() {
    // The beginning of a PNG says how large it is; the rest would be gigabytes.
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    png.extend(50_000_u32.to_be_bytes().repeat(2));
    png.extend([8, 6, 0, 0, 0]);
    let folder = Folder::with_library().file("clauses/logo.png", png);
    let run = folder.fail(&["-c", "acme.toml"]);
    let message =
        "error: `clauses/logo.png` has 50000 × 50000 pixels, and a picture may have 40 million";
    assert!(run.stderr.contains(message), "{run}");
}

#[test]
fn a_damaged_font_is_refused() {
    let mut font = typst_assets::fonts().next().unwrap().to_vec();
    let middle = font.len() / 2;
    font[middle] ^= 1;
    let folder = Folder::with_library().file("layouts/standard/fonts/Eigen.ttf", font);
    let run = folder.fail(&["-c", "acme.toml"]);
    assert!(run.stderr.contains("error: `layouts/standard/fonts/Eigen.ttf` is damaged"), "{run}");
}
