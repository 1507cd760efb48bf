//! A contract embedded in, or added to, a document of another program: a quote.

mod append;
mod copy;
mod embed;
mod host;
mod merge;
mod obstacle;
mod protection;
mod search;
mod structure;
mod verify;

pub use host::Host;
pub use obstacle::Obstacle;
pub use search::Search;
