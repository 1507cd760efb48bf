//! A new client file from flags and questions.

use std::io;
use std::path::Path;
use std::process::ExitCode;
use std::rc::Rc;

use inquire::validator::Validation;
use inquire::{Confirm, InquireError, MultiSelect, Text};
use toml::{Table, Value};

use super::args::NewArguments;
use super::report::{Outcome, Report, Style, shell_word};
use super::{console, place};
use crate::diagnostic::{Diagnostic, Problems, Severity, Slashed};
use crate::library::Library;
use crate::ops::{NewClient, WrittenClient, template};
use crate::party::MOST_SIGNATORIES;

impl Outcome for WrittenClient {
    fn result(&self) -> String {
        self.file.slashed()
    }

    fn talk(&self) -> Option<String> {
        let next = format!("next: dpa-gen --client {}", shell_word(&self.file));
        Some(match &self.note {
            Some(note) => format!("note: {note}\n{next}"),
            None => next,
        })
    }
}

/// Asks and writes.
pub fn run(arguments: &NewArguments) -> ExitCode {
    let mut report = Report::new(Style::Human);
    let mut warnings = Problems::new();
    match new(arguments, &mut warnings) {
        Ok(written) => {
            report.problems(warnings);
            report.result(written);
        }
        Err(problems) => report.problems(problems),
    }
    report.finish()
}

fn new(arguments: &NewArguments, warnings: &mut Problems) -> Result<WrittenClient, Problems> {
    // A bare name is that of a client, wherever it is typed; a path begins where it is typed.
    let is_path = Path::new(&arguments.file).components().count() > 1;
    let typed =
        is_path.then(|| place::typed(Path::new(&arguments.file)).to_string_lossy().into_owned());
    let file = typed.as_ref().unwrap_or(&arguments.file);
    let mut client = NewClient::begin(file, &arguments.library.choice())?;
    set_by_flags(arguments, &mut client)?;
    if !arguments.yes && questions_left(arguments) {
        check_terminal()?;
        ask(arguments, &mut client)?;
    }
    client.write(warnings)
}

/// Sets what the flags give, as a client file would; all that is wrong with them is reported at once.
fn set_by_flags(arguments: &NewArguments, client: &mut NewClient) -> Result<(), Problems> {
    let list = |items: &[String]| {
        let items: Vec<&str> = items.iter().map(|item| item.trim()).collect();
        (!items.is_empty()).then(|| Value::from(items))
    };
    let as_typed = |items: &[String]| (!items.is_empty()).then(|| Value::from(items.to_vec()));
    let text = |text: &Option<String>| text.as_deref().map(Value::from);
    let mut problems = signatory_problems(arguments);
    let values = [
        ("--name", "client.name", text(&arguments.name)),
        ("--legal-form", "client.legal-form", text(&arguments.legal_form)),
        ("--trade-name", "client.trade-name", text(&arguments.trade_name)),
        ("--partner", "client.partners", as_typed(&arguments.partners)),
        ("--kvk", "client.kvk", text(&arguments.kvk)),
        ("--service", "services", list(&arguments.services)),
        ("--capacity", "client.capacity", text(&arguments.capacity)),
        ("--extra", "security.extra", as_typed(&arguments.extras)),
    ];
    for (flag, key, value) in values {
        let Some(value) = value else { continue };
        set_checked(client, (flag, key), value, &mut problems);
    }
    let mut signatories = Vec::new();
    for (index, name) in arguments.signatories.iter().enumerate() {
        let mut person = Table::new();
        for (flag, key, value) in
            [("--signatory", "name", Some(name)), ("--role", "role", arguments.roles.get(index))]
        {
            let Some(value) = value else { continue };
            let path = format!("client.signatory.{key}");
            check_flag(client, flag, &path, &Value::from(value.as_str()), &mut problems);
            person.insert(key.to_owned(), value.as_str().into());
        }
        signatories.push(person);
    }
    set_signatories(client, signatories);
    problems.or(())
}

/// Each position is of who signs at the same place, and as many can sign as there is room for.
fn signatory_problems(arguments: &NewArguments) -> Problems {
    let mut problems = Problems::new();
    let (people, roles) = (arguments.signatories.len(), arguments.roles.len());
    if roles > people {
        let more = Diagnostic::failure("--role: there are more positions than people who sign");
        problems.push(more.hint("give a --signatory for each --role"));
    }
    if people > MOST_SIGNATORIES {
        let many = Diagnostic::failure("--signatory: too many people sign");
        problems.push(many.hint(format!("at most {MOST_SIGNATORIES} can sign on one page")));
    }
    problems
}

/// Sets an answer that a flag gives, and checks it with those before it.
fn set_checked(
    client: &mut NewClient,
    (flag, key): (&str, &str),
    value: Value,
    problems: &mut Problems,
) {
    if check_flag(client, flag, key, &value, problems) {
        client.set(key, value);
    }
}

fn check_flag(
    client: &NewClient,
    flag: &str,
    key: &str,
    value: &Value,
    problems: &mut Problems,
) -> bool {
    let checked = template::check(key, value.clone(), client.answers(), client.library());
    checked
        .map_err(|problem| {
            let message = format!("{flag}: {}", problem.message);
            problems.push(Diagnostic { severity: Severity::Failure, message, ..problem });
        })
        .is_ok()
}

/// One who signs has a key of its own; more are a list.
fn set_signatories(client: &mut NewClient, mut people: Vec<Table>) {
    match people.len() {
        0 => {}
        1 => client.set("client.signatory", people.remove(0)),
        _ => {
            let people: Vec<Value> = people.into_iter().map(Value::from).collect();
            client.set("client.signatories", people);
        }
    }
}

/// Whether there is a question that no flag answers.
fn questions_left(arguments: &NewArguments) -> bool {
    let NewArguments { name, legal_form, kvk, capacity, .. } = arguments;
    let NewArguments { services, signatories, roles, extras, .. } = arguments;
    [name, legal_form, kvk, capacity].into_iter().any(Option::is_none)
        || services.is_empty()
        || extras.is_empty()
        || signatories.is_empty()
        || roles.is_empty()
}

fn check_terminal() -> Result<(), Diagnostic> {
    if console::is_interactive() {
        console::keep_on_interrupt();
        return Ok(());
    }
    Err(Diagnostic::failure("there is no terminal to ask on")
        .hint("answer with flags: dpa-gen new acme --yes --name \"Acme B.V.\" --service website"))
}

/// Asks what no flag answers.
fn ask(arguments: &NewArguments, client: &mut NewClient) -> Result<(), Diagnostic> {
    if arguments.name.is_none() {
        let name = question("Legal name of the client", None, "client.name", client)?;
        client.set("client.name", name);
    }
    ask_form(arguments, client)?;
    if arguments.kvk.is_none() {
        let kvk = question("KvK number", Some(OPEN), "client.kvk", client)?;
        set_unless_empty(client, "client.kvk", kvk);
    }
    if arguments.services.is_empty() {
        let services = choose_services(client.library())?;
        client.set("services", services);
    }
    ask_signatories(arguments, client)?;
    if arguments.capacity.is_none() {
        let is_processor = Confirm::new("Does the client process the data for others?")
            .with_default(false)
            .with_help_message("then it is itself a processor, and you are its sub-processor")
            .prompt()
            .map_err(stopped)?;
        if is_processor {
            client.set("client.capacity", "processor");
        }
    }
    if arguments.extras.is_empty() {
        let mut extras = Vec::new();
        while let Some(measure) = another_measure(&extras, client)? {
            extras.push(measure);
        }
        if !extras.is_empty() {
            client.set("security.extra", extras);
        }
    }
    Ok(())
}

/// Asks for the legal form, and for what such a form has.
fn ask_form(arguments: &NewArguments, client: &mut NewClient) -> Result<(), Diagnostic> {
    if arguments.legal_form.is_none() {
        let help = "besloten vennootschap, eenmanszaak, stichting, …; Enter leaves it open";
        let form = question("Legal form", Some(help), "client.legal-form", client)?;
        set_unless_empty(client, "client.legal-form", form);
    }
    let form = client.form();
    let is_person = form.is_some_and(|form| form.is_person);
    let has_partners = form.is_some_and(|form| form.partners.is_some());
    if is_person && arguments.trade_name.is_none() {
        let help = "the client's name is that of the person; Enter leaves it open";
        let name = question("Name of the business", Some(help), "client.trade-name", client)?;
        set_unless_empty(client, "client.trade-name", name);
    }
    if has_partners && arguments.partners.is_empty() {
        let mut partners = Vec::new();
        loop {
            let prompt = if partners.is_empty() { "Name of a partner" } else { "Another partner" };
            let help = if partners.is_empty() { OPEN } else { "Enter if there is no other" };
            let name = question(prompt, Some(help), "client.partners", client)?;
            if name.is_empty() {
                break;
            }
            partners.push(name);
        }
        if !partners.is_empty() {
            client.set("client.partners", partners);
        }
    }
    Ok(())
}

/// Asks who signs: one, or more who sign together.
fn ask_signatories(arguments: &NewArguments, client: &mut NewClient) -> Result<(), Diagnostic> {
    let known = arguments.signatories.len();
    let mut people: Vec<Table> = Vec::new();
    for (index, name) in arguments.signatories.iter().enumerate() {
        let role = arguments.roles.get(index).cloned();
        people.push(ask_person(client, name.clone(), role)?);
    }
    while known == 0 && people.len() < MOST_SIGNATORIES {
        let (prompt, help) = if people.is_empty() {
            ("Who signs", OPEN)
        } else {
            ("Who signs too", "Enter if nobody else signs")
        };
        let name = question(prompt, Some(help), "client.signatory.name", client)?;
        if name.is_empty() {
            break;
        }
        people.push(ask_person(client, name, None)?);
    }
    set_signatories(client, people);
    Ok(())
}

/// Who signs, with a position that is asked for unless it is given.
fn ask_person(client: &NewClient, name: String, role: Option<String>) -> Result<Table, Diagnostic> {
    let role = match role {
        Some(role) => role,
        None => question("Position of who signs", Some(OPEN), "client.signatory.role", client)?,
    };
    let mut person = Table::from_iter([("name".to_owned(), Value::from(name))]);
    if !role.is_empty() {
        person.insert("role".to_owned(), role.into());
    }
    Ok(person)
}

const OPEN: &str = "Enter leaves it open";

fn set_unless_empty(client: &mut NewClient, key: &str, answer: String) {
    if !answer.is_empty() {
        client.set(key, answer);
    }
}

/// Asks for a text until the reader would accept it; with `open`, which says so, it may be empty.
fn question(
    prompt: &str,
    open: Option<&str>,
    key: &'static str,
    client: &NewClient,
) -> Result<String, Diagnostic> {
    let library = Rc::clone(client.library());
    let answers = client.answers().clone();
    let may_be_empty = open.is_some();
    let is_list = ["security.extra", "client.partners"].contains(&key);
    let mut question = Text::new(prompt).with_validator(move |answer: &str| {
        if may_be_empty && answer.is_empty() {
            return Ok(Validation::Valid);
        }
        let value = if is_list { vec![answer].into() } else { Value::from(answer) };
        Ok(verdict(template::check(key, value, &answers, &library)))
    });
    question.help_message = open;
    question.prompt().map_err(stopped)
}

/// Asks for one measure; none if there is no other.
fn another_measure(earlier: &[String], client: &NewClient) -> Result<Option<String>, Diagnostic> {
    let (prompt, help) = if earlier.is_empty() {
        ("A security measure agreed beyond the base set", "Enter if there is none")
    } else {
        ("Another one", "Enter if there is no other")
    };
    let measure = question(prompt, Some(help), "security.extra", client)?;
    Ok((!measure.is_empty()).then_some(measure))
}

/// The catalogue as a checklist.
fn choose_services(library: &Rc<Library>) -> Result<Vec<String>, Diagnostic> {
    let services = &library.catalogue.services;
    let names = services.values().map(|service| service.name.clone()).collect();
    let chosen = MultiSelect::new("What the client takes", names)
        .with_help_message("arrows to move, space to mark, type to search, Enter when done")
        .with_validator(|chosen: &[inquire::list_option::ListOption<&String>]| {
            Ok(if chosen.is_empty() {
                Validation::Invalid("mark at least one with space".into())
            } else {
                Validation::Valid
            })
        })
        .raw_prompt()
        .map_err(stopped)?;
    let id = |index: usize| services.get_index(index).map(|(id, _)| id.clone());
    Ok(chosen.into_iter().filter_map(|option| id(option.index)).collect())
}

/// Says what the reader says.
fn verdict(checked: Result<(), Diagnostic>) -> Validation {
    match checked {
        Ok(()) => Validation::Valid,
        Err(Diagnostic { message, hints, .. }) => {
            let parts: Vec<_> = [message].into_iter().chain(hints).collect();
            Validation::Invalid(parts.join("; ").into())
        }
    }
}

pub fn stopped(error: InquireError) -> Diagnostic {
    let stopped = || Diagnostic::failure("stopped: nothing was written");
    match error {
        InquireError::OperationCanceled | InquireError::OperationInterrupted => stopped(),
        InquireError::IO(error) if error.kind() == io::ErrorKind::Interrupted => {
            console::leave_prompt();
            stopped()
        }
        other => Diagnostic::failure(format!("cannot ask: {other}"))
            .hint("answer with flags, and --yes: dpa-gen new --help"),
    }
}
