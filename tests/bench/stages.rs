//! Where the time of a document goes, stage by stage, in one process: the first document, and the next
//! clients after it. Run by `make bench`.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use dpa_gen::check::{self, Lang, Rules, Scope};
use dpa_gen::client::Client;
use dpa_gen::contract::{Contract, Form};
use dpa_gen::diagnostic::{Problems, Source};
use dpa_gen::library::{Files, Library};
use dpa_gen::typeset::Typesetter;

/// How many further clients are made after the first.
const NEXT: usize = 100;

fn main() -> Result<(), Problems> {
    println!("  stage by stage, in one process");
    let mut clock = Clock::start();
    let library = Library::read(Files::embedded_clauses(), Files::embedded_layouts(), None)?;
    clock.lap("read and check the library");
    let typesetter = Typesetter::new(&library)?;
    clock.lap("get fonts and Typst ready");
    let text = client_file();
    let contract = self::contract(&library, &text, 0, Form::Fields)?;
    clock.lap("read and assemble a client");
    let document = typesetter.lay_out(&contract)?;
    clock.lap("lay the first document out");
    let pdf = typesetter.export(&document)?;
    clock.lap("export it");
    let plain = self::contract(&library, &text, 0, Form::Lines)?;
    let plain = typesetter.lay_out(&plain)?;
    let plain_pdf = typesetter.export(&plain)?;
    let fields = average(|| typesetter.export(&document).map(drop))?;
    let no_fields = average(|| typesetter.export(&plain).map(drop))?;
    show("export a document again, on average", fields);
    show("the same without fields", no_fields);
    show("so fields take", fields.saturating_sub(no_fields));
    println!("  {:<40} {:>8.1} KB", "a document", kilobytes(pdf.len()));
    println!("  {:<40} {:>8.1} KB", "the same without fields", kilobytes(plain_pdf.len()));

    let (mut laying_out, mut exporting) = (Duration::ZERO, Duration::ZERO);
    for number in 1..=NEXT {
        let contract = self::contract(&library, &text, number, Form::Fields)?;
        let started = Instant::now();
        let document = typesetter.lay_out(&contract)?;
        laying_out += started.elapsed();
        let started = Instant::now();
        typesetter.export(&document)?;
        exporting += started.elapsed();
    }
    check(&library, &typesetter)?;
    show("lay out the next client, on average", laying_out / u32::try_from(NEXT).unwrap_or(1));
    show("export the next client, on average", exporting / u32::try_from(NEXT).unwrap_or(1));
    Ok(())
}

/// The check of the whole library: every combination of services, and the general edition. It is to take
/// less than two seconds on two cores.
fn check(library: &Library, typesetter: &Typesetter<'_>) -> Result<(), Problems> {
    let mut clock = Clock::start();
    let rules = Rules::new(library)?;
    clock.lap("read the rules of the check");
    let subjects = check::combinations(library, typesetter)?;
    clock.lap("read all combinations of services");
    let count = subjects.len();
    let checked = check::check(library, &rules, subjects, Scope::Library, Vec::new(), Lang::En);
    clock.lap("check them");
    println!("  {:<40} {count:>8} contracts, {} findings", "which are", checked.findings.len());
    Ok(())
}

fn client_file() -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/clients/acme.toml");
    fs::read_to_string(path).unwrap_or_default()
}

/// The time of one of many.
fn average(mut work: impl FnMut() -> Result<(), Problems>) -> Result<Duration, Problems> {
    const TIMES: u32 = 50;
    let started = Instant::now();
    for _ in 0..TIMES {
        work()?;
    }
    Ok(started.elapsed() / TIMES)
}

/// The contract of a client whose name and address no other has.
fn contract(
    library: &Library,
    text: &str,
    number: usize,
    form: Form,
) -> Result<Contract, Problems> {
    let text = text.replace("Acme", &format!("Acme {number}"));
    let text = text.replace("Voorbeeldstraat 1", &format!("Voorbeeldstraat {number}"));
    let client = Client::read(&Source::new("acme.toml", text), library)?;
    Ok(Contract::assemble(&client, form))
}

struct Clock(Instant);

impl Clock {
    fn start() -> Self {
        Self(Instant::now())
    }

    fn lap(&mut self, what: &str) {
        show(what, self.0.elapsed());
        self.0 = Instant::now();
    }
}

fn show(what: &str, time: Duration) {
    println!("  {what:<40} {:>8.2} ms", time.as_secs_f64() * 1000.0);
}

#[expect(clippy::cast_precision_loss, reason = "the size of a PDF")]
fn kilobytes(bytes: usize) -> f64 {
    bytes as f64 / 1024.0
}
