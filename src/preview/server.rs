//! The server: three files, what they show, and word of each change. It listens on this machine alone and
//! answers only to a browser that was sent here by this machine's own name, so that no web page can reach
//! it under a name of its own (DNS rebinding).

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

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

/// How many connections are served at a time; one more is closed at once.
const CONNECTIONS: usize = 64;

/// How long a browser may take to send a request, or to take a part of the answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long the head of a request may be, in bytes.
const LONGEST_HEAD: usize = 16 * 1024;

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
        let shown = Arc::new(Shown::default());
        let of_thread = Arc::clone(&shown);
        thread::spawn(move || {
            // Each connection being served holds the room a second time.
            let room = Arc::new(());
            for stream in listener.incoming().flatten() {
                if Arc::strong_count(&room) > CONNECTIONS {
                    continue;
                }
                let (shown, place) = (Arc::clone(&of_thread), Arc::clone(&room));
                // On a thread of its own, for a browser may be slow; one that has gone needs no answer.
                let served = move || {
                    let _ = serve(stream, &shown);
                    drop(place);
                };
                // Where no thread can be had, the connection is closed.
                let _ = thread::Builder::new().spawn(served);
            }
        });
        Ok(Self { address, shown })
    }

    /// The address to open: `http://127.0.0.1:41234/`.
    #[must_use]
    pub fn address(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Shows this, and notifies the browsers if it differs from before.
    pub fn show(&self, view: &View) {
        let mut shown = self.shown.lock();
        if shown.1 != *view {
            *shown = (shown.0 + 1, view.clone());
            self.shown.changed.notify_all();
        }
    }
}

/// The head of a request, as far as it matters.
struct Request {
    is_get: bool,
    path: String,
    /// Every `Host` that it names.
    hosts: Vec<String>,
}

/// Answers one request, and closes the connection.
fn serve(mut stream: TcpStream, shown: &Shown) -> io::Result<()> {
    stream.set_write_timeout(Some(PATIENCE))?;
    let Some(request) = read_request(&mut stream)? else {
        return refuse(&mut stream, "400 Bad Request");
    };
    if !is_ours(&request) {
        return refuse(&mut stream, "403 Forbidden");
    }
    if !request.is_get {
        return refuse(&mut stream, "405 Method Not Allowed");
    }
    if let Some((_, kind, text)) = FILES.iter().find(|(path, ..)| *path == request.path) {
        return send(&mut stream, "200 OK", kind, text);
    }
    match request.path.as_str() {
        VIEW => send(&mut stream, "200 OK", "application/json", &shown.json()),
        EVENTS => send_changes(&mut stream, shown),
        _ => refuse(&mut stream, "404 Not Found"),
    }
}

/// Reads the head of a request; none if it is not one.
fn read_request(stream: &mut TcpStream) -> io::Result<Option<Request>> {
    let started = Instant::now();
    let mut head = Vec::new();
    let mut part = [0; 1024];
    loop {
        // However slowly it comes, all of it comes in this time.
        let left = PATIENCE.checked_sub(started.elapsed()).filter(|left| !left.is_zero());
        let Some(left) = left else {
            return Err(io::ErrorKind::TimedOut.into());
        };
        stream.set_read_timeout(Some(left))?;
        let count = stream.read(&mut part)?;
        head.extend_from_slice(&part[..count]);
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let mut request = httparse::Request::new(&mut headers);
        match request.parse(&head) {
            Ok(httparse::Status::Complete(_)) => {
                let hosts = request
                    .headers
                    .iter()
                    .filter(|header| header.name.eq_ignore_ascii_case("host"));
                let hosts = hosts.map(|header| String::from_utf8_lossy(header.value).into_owned());
                return Ok(Some(Request {
                    is_get: request.method == Some("GET"),
                    path: request.path.unwrap_or_default().to_owned(),
                    hosts: hosts.collect(),
                }));
            }
            Ok(httparse::Status::Partial) if count > 0 && head.len() < LONGEST_HEAD => {}
            _ => return Ok(None),
        }
    }
}

/// Whether the browser was sent here by this machine's own name.
fn is_ours(request: &Request) -> bool {
    let [host] = request.hosts.as_slice() else {
        return false;
    };
    let name = match host.rsplit_once(':') {
        // Any port: the browser may come by way of a forwarded one.
        Some((name, port)) if port.parse::<u16>().is_ok() => name,
        _ => host,
    };
    name == "127.0.0.1" || name.eq_ignore_ascii_case("localhost")
}

fn refuse(stream: &mut TcpStream, status: &str) -> io::Result<()> {
    send(stream, status, "text/plain; charset=utf-8", &format!("{status}\n"))
}

fn send(stream: &mut TcpStream, status: &str, kind: &str, text: &str) -> io::Result<()> {
    write!(stream, "{}Content-Length: {}\r\n\r\n", head(status, kind), text.len())?;
    stream.write_all(text.as_bytes())?;
    stream.flush()
}

/// The head of an answer, up to the last header that all have.
fn head(status: &str, kind: &str) -> String {
    let headers = HEADERS.into_iter().chain([("Content-Type", kind), ("Connection", "close")]);
    let lines: Vec<String> = headers.map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    format!("HTTP/1.1 {status}\r\n{}", lines.concat())
}

/// Sends the number of what is shown, at once and whenever it changes, until the browser has gone.
fn send_changes(stream: &mut TcpStream, shown: &Shown) -> io::Result<()> {
    write!(stream, "{}\r\n", head("200 OK", "text/event-stream"))?;
    let mut sent = None;
    loop {
        let number = {
            let guard = shown.lock();
            let same = |shown: &mut (u64, View)| sent == Some(shown.0);
            let waited = shown.changed.wait_timeout_while(guard, STILL_HERE, same);
            waited.unwrap_or_else(PoisonError::into_inner).0.0
        };
        if sent == Some(number) {
            write!(stream, ":\n\n")?;
        } else {
            write!(stream, "data: {number}\n\n")?;
        }
        stream.flush()?;
        sent = Some(number);
    }
}
