//! Checking the people of a party: who make it up, who sign for it, and whom to ask.

use super::known::{Form, Known};
use super::typed::{MOST_SIGNATORIES, RawPerson, RawSignatory};
use super::{Person, Signatory, is_email};
use crate::diagnostic::{Diagnostic, List};
use crate::input::{Checker, Spanned, Text};

/// Partners are of a form that has them; of a form that nothing is known of, they may be.
pub(super) fn check_partners(
    check: &mut Checker<'_>,
    partners: Option<Spanned<Vec<Text>>>,
    legal_form: Option<&str>,
    form: Option<&Form>,
    known: &Known,
) -> Vec<String> {
    let Some(partners) = partners else { return Vec::new() };
    let span = partners.span();
    let has_none = form.is_some_and(|form| form.partners.is_none());
    if legal_form.is_none() || has_none {
        let with: Vec<&str> = known
            .forms
            .iter()
            .filter(|form| form.partners.is_some())
            .map(|form| form.name.as_str())
            .collect();
        let problem = match legal_form {
            Some(form) => Diagnostic::error(format!("the legal form `{form}` has no partners"))
                .hint(format!("`partners` go with {}", List(&with, "and"))),
            None => Diagnostic::error("`partners` go with a legal form")
                .hint(format!("add `legal-form`: {}", List(&with, "or"))),
        };
        if !check.entries_lost {
            check.problem(problem.at(check.source, span.clone()));
        }
    }
    let partners = partners.into_inner();
    check.not_empty("partners", &partners, span.clone());
    once(check, "partners", &partners);
    if let Some(form) = form.filter(|form| form.partner.is_none() && form.partners.is_some())
        && partners.len() == 1
        && !check.entries_lost
    {
        let message = format!("a {} has at least two partners, not one", form.name);
        let hint =
            "name all of them, or leave `partners` out: they are then filled in on the cover";
        check.problem(Diagnostic::error(message).at(check.source, span).hint(hint));
    }
    check.texts("partners", Some(partners))
}

/// A sole trader was typed by the name of the business before, and the person as who signs.
pub(super) fn note_sole_trader(
    check: &mut Checker<'_>,
    name: &Text,
    form: &Form,
    signatory: &Spanned<RawSignatory>,
) {
    let Some(person) = signatory.get_ref().name.as_ref() else { return };
    if person.get_ref() == name.get_ref() {
        return;
    }
    let (business, person) = (name.get_ref().escape_debug(), person.get_ref().escape_debug());
    let message = format!("`name` of an {} is now the person's name", form.name);
    let hint = format!(
        "write name = \"{person}\" and trade-name = \"{business}\"; `signatory` is then not needed"
    );
    check.note(Diagnostic::warning(message).at(check.source, name.span()).hint(hint));
}

/// Those who sign: `signatory` is a list of one.
pub(super) fn check_signatories(
    check: &mut Checker<'_>,
    signatory: Option<Spanned<RawSignatory>>,
    signatories: Option<Spanned<Vec<RawSignatory>>>,
) -> Vec<Signatory> {
    if let (Some(one), Some(more)) = (&signatory, &signatories) {
        let both = Diagnostic::error("`signatories` stands beside `signatory`")
            .at(check.source, more.span())
            .related(check.source, one.span(), "`signatory` is here")
            .hint("write all who sign in `signatories`, or one in `signatory`");
        check.problem(both);
    }
    let list = match (signatory, signatories) {
        (_, Some(list)) => {
            let span = list.span();
            let list = list.into_inner();
            let count = list.len();
            if (count == 0 && !check.entries_lost) || count > MOST_SIGNATORIES {
                let wrong = Diagnostic::error(format!("`signatories` has {count} of them"))
                    .at(check.source, span)
                    .hint(format!("from 1 to {MOST_SIGNATORIES} can sign on one page"));
                check.problem(wrong);
            }
            list
        }
        (Some(one), None) => {
            let span = one.span();
            let one = one.into_inner();
            if one.name.is_none() && one.role.is_none() && !check.entries_lost {
                let empty = Diagnostic::error("`signatory` is empty")
                    .at(check.source, span)
                    .hint("give at least one of `name` and `role`, or leave the key out");
                check.problem(empty);
            }
            vec![one]
        }
        (None, None) => Vec::new(),
    };
    let names: Vec<Text> = list
        .iter()
        .filter_map(|person| person.name.as_ref())
        .map(|name| Text::new(name.span(), name.get_ref().clone()))
        .collect();
    once(check, "signatories", &names);
    let checked = list.into_iter().map(|RawSignatory { name, role }| Signatory {
        name: check.optional("name", name),
        role: check.optional("role", role),
    });
    checked.collect()
}

/// Only a party that is not established in the Union has a representative there.
pub(super) fn check_representative(
    check: &mut Checker<'_>,
    person: Option<Spanned<RawPerson>>,
    is_in_eea: bool,
) -> Option<Person> {
    let span = person.as_ref()?.span();
    let person = check_person(check, "representative", person);
    if is_in_eea {
        let wrong = Diagnostic::error("a party in the European Union has no `representative`")
            .at(check.source, span)
            .hint(
                "art. 27 GDPR is about parties elsewhere: leave it out, or write their `country`",
            );
        check.problem(wrong);
    }
    person
}

pub(super) fn check_person(
    check: &mut Checker<'_>,
    key: &str,
    person: Option<Spanned<RawPerson>>,
) -> Option<Person> {
    let person = person?;
    let span = person.span();
    let RawPerson { name, role, email, phone } = person.into_inner();
    if name.is_none() && role.is_none() && email.is_none() && phone.is_none() {
        let empty = Diagnostic::error(format!("`{key}` is empty"))
            .at(check.source, span)
            .hint("give at least one of `name`, `role`, `email` and `phone`, or leave the key out");
        check.problem(empty);
        return None;
    }
    Some(Person {
        name: check.optional("name", name),
        role: check.optional("role", role),
        email: email.and_then(|email| check_email(check, email)),
        phone: check.optional("phone", phone),
    })
}

pub(super) fn check_email(check: &mut Checker<'_>, email: Text) -> Option<String> {
    let span = email.span();
    let value = check.text("email", email)?;
    if is_email(&value) {
        return Some(value);
    }
    let wrong = Diagnostic::error(format!("`{value}` is not an e-mail address"))
        .at(check.source, span)
        .hint("write it as name@example.nl");
    check.problem(wrong);
    None
}

/// A person stands in a list once.
fn once(check: &mut Checker<'_>, key: &str, names: &[Text]) {
    for (index, name) in names.iter().enumerate() {
        if let Some(first) = names[..index].iter().find(|earlier| *earlier == name) {
            let twice = format!("`{}` is twice in `{key}`", name.get_ref().escape_debug());
            let twice = Diagnostic::error(twice)
                .at(check.source, name.span())
                .related(check.source, first.span(), "first here")
                .hint("take one away; write the names of two people so that they differ");
            check.problem(twice);
        }
    }
}
