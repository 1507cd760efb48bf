//! What `new` asks on a terminal: what no flag answers.

use inquire::Confirm;
use toml::{Table, Value};

use super::prompts::{choose_services, question, stopped};

use crate::cli::args::NewArguments;
use crate::diagnostic::Diagnostic;
use crate::ops::NewClient;
use crate::party::MOST_SIGNATORIES;

/// Asks what no flag answers.
pub fn ask(arguments: &NewArguments, client: &mut NewClient) -> Result<(), Diagnostic> {
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
    let least = if form.is_some_and(|form| form.partner.is_some()) { 1 } else { 2 };
    if is_person && arguments.trade_name.is_none() {
        let help = "the client's name is that of the person; Enter leaves it open";
        let name = question("Name of the business", Some(help), "client.trade-name", client)?;
        set_unless_empty(client, "client.trade-name", name);
    }
    if has_partners && arguments.partners.is_empty() {
        let mut partners = Vec::new();
        loop {
            let prompt = if partners.is_empty() { "Name of a partner" } else { "Another partner" };
            let help = match partners.len() {
                0 => Some(OPEN),
                count if count < least => None,
                _ => Some("Enter if there is no other"),
            };
            // A partner by itself is a name; the list is checked when it is whole.
            let name = question(prompt, help, "client.name", client)?;
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
    client.set_signatories(people);
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
