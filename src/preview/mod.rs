//! A page in the browser that follows what it shows, and its server. Typst's own server in `typst-kit`
//! answers to any host name, so that a web page elsewhere could have the contract read to it.

mod server;
mod view;

pub use server::Server;
pub use view::View;
