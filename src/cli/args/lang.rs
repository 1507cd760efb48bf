//! The language that findings are reported in.

use clap::{Args, ValueEnum};

use crate::check::Lang;

/// The language of findings.
#[derive(Debug, Args)]
pub struct LangArguments {
    /// The language of findings and explanations [default: that of the locale]
    #[arg(long, value_name = "LANG")]
    pub lang: Option<LangName>,
}

/// A language by its code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LangName {
    /// Dutch
    Nl,
    /// English
    En,
}

impl LangArguments {
    /// The language that was asked for.
    #[must_use]
    pub fn asked(&self) -> Option<Lang> {
        self.lang.map(|name| match name {
            LangName::Nl => Lang::Nl,
            LangName::En => Lang::En,
        })
    }
}
