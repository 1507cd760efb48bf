//! `[brand]` of `contract.toml`: the owner's colours and logo.

use std::path::Path;

use schemars::JsonSchema;
use serde::Deserialize;

use super::colour;
use super::files::Files;
use crate::diagnostic::Diagnostic;
use crate::input::{Checker, Text};

/// The owner's colours.
#[derive(Debug)]
pub struct Brand {
    /// The accent colour, as `#rrggbb`.
    pub accent: String,
    /// The logo on the cover; without one the name stands there.
    pub logo: Option<Logo>,
}

/// A picture on the cover.
#[derive(Debug)]
pub struct Logo {
    /// Its path in the clause library.
    pub path: String,
    /// What it shows, for who cannot see it.
    pub alt: String,
}

/// The accent colour of a library that names none.
const ACCENT: &str = "#1f4e79";

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RawBrand {
    /// Kleur van nummers en lijnen: "#1f4e79".
    ///
    /// The colour of numbers and lines.
    #[schemars(regex(pattern = "^#[0-9A-Fa-f]{6}$"))]
    accent: Option<Text>,
    /// Logo op het voorblad: een .svg- of .png-bestand naast contract.toml.
    ///
    /// The logo on the cover: an .svg or .png file beside contract.toml.
    #[schemars(regex(pattern = r"[^/]\.(svg|png)$"))]
    logo: Option<Text>,
    /// Wat het logo toont, voor wie het niet ziet.
    ///
    /// What the logo shows, for who cannot see it.
    logo_alt: Option<Text>,
}

impl RawBrand {
    pub fn check(self, check: &mut Checker<'_>, files: &Files) -> Option<Brand> {
        let accent = match self.accent {
            None => Some(ACCENT.to_owned()),
            Some(accent) => colour::check(check, &accent),
        };
        let logo = match (self.logo, self.logo_alt) {
            (None, None) => None,
            (Some(logo), alt) => {
                let alt = check.required("logo-alt", alt, logo.span());
                check_logo(check, &logo, files);
                Some(Logo { path: logo.into_inner(), alt: alt? })
            }
            (None, Some(alt)) => {
                let unused = Diagnostic::error("`logo-alt` describes a logo that is not there")
                    .at(check.source, alt.span())
                    .hint("add `logo = \"…\"`, or take `logo-alt` away");
                check.problem(unused);
                None
            }
        };
        Some(Brand { accent: accent?, logo })
    }
}

fn check_logo(check: &mut Checker<'_>, logo: &Text, files: &Files) {
    let path = logo.get_ref();
    let is_picture = |path: &str| {
        Path::new(path)
            .extension()
            .is_some_and(|extension| extension == "svg" || extension == "png")
    };
    let wrong = if !is_picture(path) {
        Diagnostic::error(format!("`{}` is neither SVG nor PNG", path.escape_debug()))
            .hint("a logo is an .svg or a .png file")
    } else if files.bytes(path).is_none() {
        let pictures = files.paths().filter(|path| is_picture(path));
        Diagnostic::error(format!("there is no file `{}`", path.escape_debug()))
            .hint("put the logo in the folder of contract.toml")
            .suggest(path, pictures)
    } else {
        return;
    };
    check.problem(wrong.at(check.source, logo.span()));
}
