//! Checking a party: each detail by itself, and those that must fit each other.

use std::ops::Range;

use super::known::{Known, Lookup, Register};
use super::typed::{MOST_SIGNATORIES, RawParty, RawPerson, RawRegister, RawSignatory};
use super::{Capacity, Form, Party, Person, Registration, Signatory, is_email};
use crate::diagnostic::{Diagnostic, List};
use crate::input::{Checker, Spanned, Text};

impl RawParty {
    /// The keys that were left out of those that the clauses count on in a processor.
    #[must_use]
    pub fn missing_details(&self) -> Vec<&'static str> {
        let details = [("kvk", &self.kvk), ("email", &self.email), ("website", &self.website)];
        details.into_iter().filter(|(_, value)| value.is_none()).map(|(key, _)| key).collect()
    }

    /// Checks the processor: it has no capacity of its own.
    pub fn check_processor(
        mut self,
        check: &mut Checker<'_>,
        table: Range<usize>,
        known: &Known,
        language: &str,
    ) -> Option<Party> {
        let capacity = self.capacity.take().map(|value| ("capacity", value.span()));
        let controllers = self.controllers.take().map(|value| ("controllers", value.span()));
        for (key, span) in [capacity, controllers].into_iter().flatten() {
            let wrong = Diagnostic::error(format!("`{key}` is about a client"))
                .at(check.source, span)
                .hint("write it in `[client]` of a client file");
            check.problem(wrong);
        }
        self.check(check, table, known, language)
    }

    /// Checks every detail; `table` is where the party stands in the file.
    pub fn check(
        self,
        check: &mut Checker<'_>,
        table: Range<usize>,
        known: &Known,
        language: &str,
    ) -> Option<Party> {
        let name = check.required("name", self.name, table);
        let trade_name = check.optional("trade-name", self.trade_name);
        let (legal_form, form) = check_form(check, self.legal_form, known);
        let partners = check_partners(check, self.partners, legal_form.as_deref(), form, known);
        let country = check_country(check, self.country, known, language);
        let home = country.as_deref().and_then(|country| known.register(country));
        let is_foreign = country.is_some() && home.is_none_or(|register| !register.is_dutch());
        let is_in_eea = country.as_deref().is_none_or(|country| {
            known.countries.find(country).is_some_and(|country| country.is_in_eea)
        });
        check_one_register(check, self.kvk.as_ref(), self.register.as_ref());
        let register = self.register.and_then(|register| {
            check_place(check, &register, country.as_deref(), is_foreign);
            check_register(check, register, home)
        });
        let mut signatories = check_signatories(check, self.signatory, self.signatories);
        let capacity = check_capacity(check, self.capacity);
        let party = Party {
            name: String::new(),
            short_name: check.optional("short-name", self.short_name),
            legal_form,
            form: form.cloned(),
            partners,
            kvk: self.kvk.and_then(|kvk| check_kvk(check, &kvk)),
            register,
            foreign_register: home
                .filter(|home| !home.is_dutch())
                .map(|register| register.name.clone()),
            address: check.optional("address", self.address),
            postal_code: check.optional("postal-code", self.postal_code),
            city: check.optional("city", self.city),
            country,
            is_foreign,
            email: self.email.and_then(|email| check_email(check, email)),
            phone: check.optional("phone", self.phone),
            website: check.optional("website", self.website),
            signatories: Vec::new(),
            capacity,
            controllers: check_controllers(check, self.controllers, capacity),
            privacy_contact: check_person(check, "privacy-contact", self.privacy_contact),
            breach_contact: check_person(check, "breach-contact", self.breach_contact),
            dpo: check_person(check, "dpo", self.dpo),
            representative: check_representative(check, self.representative, is_in_eea),
            trade_name,
        };
        let name = name?;
        // A person with a trade name is known by both: nobody signs for it but itself, unless the file says so.
        let is_person = form.is_some_and(|form| form.is_person) && party.trade_name.is_some();
        if signatories.is_empty() {
            let name = is_person.then(|| name.clone());
            signatories.push(Signatory { name, role: None });
        }
        Some(Party { name, signatories, ..party })
    }
}

/// The legal form as the contract writes it, and what is known of it.
fn check_form<'k>(
    check: &mut Checker<'_>,
    typed: Option<Text>,
    known: &'k Known,
) -> (Option<String>, Option<&'k Form>) {
    let Some(typed) = typed else { return (None, None) };
    let span = typed.span();
    let Some(text) = check.text("legal-form", typed) else { return (None, None) };
    match known.form(&text) {
        Lookup::Known(form) => (Some(form.name.clone()), Some(form)),
        Lookup::Other => (Some(text), None),
        Lookup::Misspelt(form) => {
            let wrong = Diagnostic::error(format!("unknown legal form `{text}`"))
                .at(check.source, span)
                .hint(format!("did you mean `{}`?", form.name));
            check.problem(wrong);
            (Some(form.name.clone()), Some(form))
        }
    }
}

/// The country by its name in the contract's language; one that is not known stays as it is typed.
fn check_country(
    check: &mut Checker<'_>,
    typed: Option<Text>,
    known: &Known,
    language: &str,
) -> Option<String> {
    let typed = typed?;
    let span = typed.span();
    let text = check.text("country", typed)?;
    if let Some(country) = known.countries.find(&text) {
        return Some(country.name(language).to_owned());
    }
    if let Some(near) = known.countries.misspelt(&text) {
        let wrong = Diagnostic::error(format!("`{text}` is not a country that is known"))
            .at(check.source, span)
            .hint(format!("did you mean `{near}`?"));
        check.problem(wrong);
    }
    Some(text)
}

/// Partners are of a form that has them; of a form that nothing is known of, they may be.
fn check_partners(
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
    check.not_empty("partners", &partners, span);
    check.texts("partners", Some(partners))
}

fn check_one_register(
    check: &mut Checker<'_>,
    kvk: Option<&Text>,
    register: Option<&Spanned<RawRegister>>,
) {
    if let (Some(kvk), Some(register)) = (kvk, register) {
        let both = Diagnostic::error("`register` stands beside `kvk`")
            .at(check.source, register.span())
            .related(check.source, kvk.span(), "`kvk` is here")
            .hint("`kvk` is for the Dutch trade register, `register` for one of another country");
        check.problem(both);
    }
}

/// A register of another country goes with that country.
fn check_place(
    check: &mut Checker<'_>,
    register: &Spanned<RawRegister>,
    country: Option<&str>,
    is_foreign: bool,
) {
    if is_foreign || check.entries_lost {
        return;
    }
    let problem = match country {
        None => Diagnostic::error("`register` goes with `country`")
            .hint("add `country = \"…\"`; in the Netherlands, write `kvk = \"12345678\"` instead"),
        Some(country) => Diagnostic::error(format!("`register` is not for `{country}`"))
            .hint("write the number in the Dutch trade register: kvk = \"12345678\""),
    };
    check.problem(problem.at(check.source, register.span()));
}

/// A number of a register whose form is known has that form.
fn check_register(
    check: &mut Checker<'_>,
    register: Spanned<RawRegister>,
    home: Option<&Register>,
) -> Option<Registration> {
    let table = register.span();
    let RawRegister { name, number } = register.into_inner();
    let span = number.as_ref().map_or(table.clone(), Text::span);
    let name = check.required("name", name, table.clone());
    let number = check.required("number", number, table)?;
    if let Some(home) = home.filter(|home| !home.is_dutch() && !home.takes(&number)) {
        let wrong = Diagnostic::error(format!("`{number}` is not a number of {}", home.name))
            .at(check.source, span)
            .hint(format!("such a number is written as \"{}\"", home.example));
        check.problem(wrong);
    }
    Some(Registration { name: name?, number })
}

/// Those who sign: `signatory` is a list of one.
fn check_signatories(
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
    let checked = list.into_iter().map(|RawSignatory { name, role }| Signatory {
        name: check.optional("name", name),
        role: check.optional("role", role),
    });
    checked.collect()
}

fn check_capacity(check: &mut Checker<'_>, capacity: Option<Text>) -> Capacity {
    let capacity = capacity.and_then(|id| check.id("capacity", &id, &["controller", "processor"]));
    match capacity.as_deref() {
        Some("processor") => Capacity::Processor,
        _ => Capacity::Controller,
    }
}

/// Only a client that is itself a processor has controllers.
fn check_controllers(
    check: &mut Checker<'_>,
    controllers: Option<Spanned<Vec<Text>>>,
    capacity: Capacity,
) -> Vec<String> {
    let Some(controllers) = controllers else { return Vec::new() };
    let span = controllers.span();
    if capacity == Capacity::Controller && !check.entries_lost {
        let wrong = Diagnostic::error("`controllers` is of a client that is itself a processor")
            .at(check.source, span.clone())
            .hint("add `capacity = \"processor\"`, or take `controllers` away");
        check.problem(wrong);
    }
    let controllers = controllers.into_inner();
    check.not_empty("controllers", &controllers, span);
    check.texts("controllers", Some(controllers))
}

/// Only a party that is not established in the Union has a representative there.
fn check_representative(
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

fn check_person(
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

/// A `KvK` number is 8 digits; there is no check digit. It may be typed in groups.
fn check_kvk(check: &mut Checker<'_>, kvk: &Text) -> Option<String> {
    let digits: String = kvk.get_ref().chars().filter(|c| *c != ' ').collect();
    if digits.len() == 8 && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(digits);
    }
    let wrong =
        Diagnostic::error(format!("`{}` is not a KvK number", kvk.get_ref().escape_debug()))
            .at(check.source, kvk.span())
            .hint("a KvK number has 8 digits: kvk = \"12345678\"");
    check.problem(wrong);
    None
}

fn check_email(check: &mut Checker<'_>, email: Text) -> Option<String> {
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
