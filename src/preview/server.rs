//! The server: three files, what they show, and word of each change. It listens on this machine alone and
//! answers only to a browser that was sent here by this machine's own name, so that no web page can reach
//! it under a name of its own (DNS rebinding).

use std::io::{self, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use serde_json::json;
use tiny_http::{Header, Method, Request, Response, StatusCode};

use super::view::View;
use crate::diagnostic::Diagnostic;

/// The files that never change, with their media types.
const FILES: [(&str, &str, &str); 3] = [
    ("/", "text/html; charset=utf-8", include_str!("page.html")),
    ("/preview.css", "text/css; charset=utf-8", include_str!("preview.css")),
    ("/preview.js", "text/javascript; charset=utf-8", include_str!("preview.js")),
];

/// What is shown, as JSON.
const VIEW: &str = "/view";

/// The number of what is shown, whenever it changes, as server-sent events.
const EVENTS: &str = "/events";

/// Said with each answer: the page loads nothing from elsewhere, and stands in no other page.
const HEADERS: [(&str, &str); 5] = [
    ("Cache-Control", "no-store"),
    (
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src data:; \
         connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
];

/// How often word is sent that there is none, to learn of browsers that have gone.
const STILL_HERE: Duration = Duration::from_secs(15);

/// A server that runs until the process ends.
pub struct Server {
    address: SocketAddr,
    shown: Arc<Shown>,
}

/// What is shown, with its number.
#[derive(Default)]
struct Shown {
    view: Mutex<(u64, View)>,
    changed: Condvar,
}

impl Shown {
    fn lock(&self) -> MutexGuard<'_, (u64, View)> {
        self.view.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn json(&self) -> String {
        let (number, view) = &*self.lock();
        json!({ "number": number, "view": view }).to_string()
    }
}

impl Server {
    /// Starts on this port, or on one that is free.
    ///
    /// # Errors
    ///
    /// If the port is taken, or may not be used.
    pub fn start(port: Option<u16>) -> Result<Self, Diagnostic> {
        let cannot = |error: &dyn std::fmt::Display| {
            let port = port.map(|port| format!(" on port {port}")).unwrap_or_default();
            Diagnostic::failure(format!("cannot serve{port}: {error}"))
        };
        let listener =
            TcpListener::bind((Ipv4Addr::LOCALHOST, port.unwrap_or(0))).map_err(|error| {
                let hint = "leave --port out, and a free one is found";
                match error.kind() {
                    io::ErrorKind::AddrInUse => cannot(&"another program has it"),
                    io::ErrorKind::PermissionDenied => cannot(&"permission denied"),
                    _ => cannot(&error),
                }
                .hint(hint)
            })?;
        let address = listener.local_addr().map_err(|error| cannot(&error))?;
        let http = tiny_http::Server::from_listener(listener, None);
        let http = http.map_err(|error| cannot(&error))?;
        let shown = Arc::new(Shown::default());
        let of_thread = Arc::clone(&shown);
        thread::spawn(move || {
            for request in http.incoming_requests() {
                let shown = Arc::clone(&of_thread);
                // On a thread of its own, for a browser may be slow; one that has gone needs no answer.
                thread::spawn(move || answer(request, &shown));
            }
        });
        Ok(Self { address, shown })
    }

    /// The address to open: `http://127.0.0.1:41234/`.
    #[must_use]
    pub fn address(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Shows this, and tells the browsers if it is something else than before.
    pub fn show(&self, view: &View) {
        let mut shown = self.shown.lock();
        if shown.1 != *view {
            *shown = (shown.0 + 1, view.clone());
            self.shown.changed.notify_all();
        }
    }
}

fn answer(request: Request, shown: &Shown) -> io::Result<()> {
    if !is_ours(&request) {
        return refuse(request, 403);
    }
    if *request.method() != Method::Get {
        return refuse(request, 405);
    }
    if let Some((_, kind, text)) = FILES.iter().find(|(path, ..)| *path == request.url()) {
        return send(request, 200, kind, (*text).to_owned());
    }
    match request.url() {
        VIEW => send(request, 200, "application/json", shown.json()),
        EVENTS => tell_changes(request, shown),
        _ => refuse(request, 404),
    }
}

/// Whether the browser was sent here by this machine's own name.
fn is_ours(request: &Request) -> bool {
    let mut hosts = request.headers().iter().filter(|header| header.field.equiv("Host"));
    let (Some(host), None) = (hosts.next(), hosts.next()) else {
        return false;
    };
    let host = host.value.as_str();
    let name = match host.rsplit_once(':') {
        // Any port: the browser may come by way of a forwarded one.
        Some((name, port)) if port.parse::<u16>().is_ok() => name,
        _ => host,
    };
    name == "127.0.0.1" || name.eq_ignore_ascii_case("localhost")
}

fn refuse(request: Request, code: u16) -> io::Result<()> {
    let reason = StatusCode(code).default_reason_phrase();
    send(request, code, "text/plain; charset=utf-8", format!("{code} {reason}\n"))
}

fn send(request: Request, code: u16, kind: &str, text: String) -> io::Result<()> {
    let mut response = Response::from_data(text.into_bytes()).with_status_code(code);
    for (name, value) in HEADERS.into_iter().chain([("Content-Type", kind)]) {
        if let Ok(header) = Header::from_bytes(name, value) {
            response.add_header(header);
        }
    }
    request.respond(response)
}

/// Sends the number of what is shown, at once and whenever it changes, until the browser has gone. Written
/// by hand: a response of `tiny_http` holds back what it has until a chunk is full.
fn tell_changes(request: Request, shown: &Shown) -> io::Result<()> {
    let mut out = request.into_writer();
    write!(out, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n")?;
    for (name, value) in HEADERS {
        write!(out, "{name}: {value}\r\n")?;
    }
    write!(out, "\r\n")?;
    let mut told = None;
    loop {
        let number = {
            let guard = shown.lock();
            let same = |shown: &mut (u64, View)| told == Some(shown.0);
            let waited = shown.changed.wait_timeout_while(guard, STILL_HERE, same);
            waited.unwrap_or_else(PoisonError::into_inner).0.0
        };
        if told == Some(number) {
            write!(out, ":\n\n")?;
        } else {
            write!(out, "data: {number}\n\n")?;
        }
        out.flush()?;
        told = Some(number);
    }
}
