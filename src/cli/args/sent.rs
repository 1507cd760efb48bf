//! The arguments of noting that a contract is sent, and days.

use chrono::{Local, NaiveDate};
use clap::Args;

/// Whether it is noted that a contract is sent.
#[derive(Debug, Args)]
pub struct SentArguments {
    /// Note in `agreements/` that it is sent, and keep a copy of the contract
    #[arg(long)]
    pub sent: bool,

    /// The day of sending it [default: today]
    #[arg(long, value_name = "DATE", requires = "sent", value_parser = parse_past_day)]
    pub on: Option<NaiveDate>,
}

impl SentArguments {
    /// The day of sending it, if that is to be noted.
    #[must_use]
    pub(in crate::cli) fn day(&self) -> Option<NaiveDate> {
        self.sent.then(|| self.on.unwrap_or_else(|| Local::now().date_naive()))
    }
}

/// Reads a day that has come.
pub fn parse_past_day(text: &str) -> Result<NaiveDate, String> {
    let day = parse_day(text)?;
    if day > Local::now().date_naive() {
        return Err("that day has not come yet".to_owned());
    }
    Ok(day)
}

/// Reads a day: `2026-07-03`.
pub fn parse_day(text: &str) -> Result<NaiveDate, String> {
    text.parse().map_err(|_| "write it as 2026-07-03".to_owned())
}
