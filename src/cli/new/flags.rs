//! What the flags of `new` set.

use toml::{Table, Value};

use crate::cli::args::NewArguments;
use crate::diagnostic::{Diagnostic, Problems, Severity};
use crate::ops::{NewClient, template};
use crate::party::MOST_SIGNATORIES;

/// Sets what the flags give, as a client file would; all that is wrong with them is reported at once.
pub fn set(arguments: &NewArguments, client: &mut NewClient) -> Result<(), Problems> {
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
    client.set_signatories(signatories);
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
