//! Checking a party: each detail by itself, and those that must fit each other.

use std::ops::Range;

use super::known::{Known, Lookup, Register};
use super::people::{
    check_email, check_partners, check_person, check_representative, check_signatories,
    note_sole_trader,
};
use super::typed::{RawParty, RawRegister};
use super::{Capacity, Form, Party, Registration, Signatory};
use crate::diagnostic::Diagnostic;
use crate::input::{Checker, Spanned, Text};

const REGISTER_HINT: &str = "add `kvk = \"…\"`; outside the Netherlands, `country` and `register = { name = \"…\", number = \"…\" }`";

impl RawParty {
    /// The keys that were left out of those that the clauses count on in a processor, each with a hint.
    #[must_use]
    pub fn missing_details(&self) -> Vec<(&'static str, &'static str)> {
        let is_registered = self.kvk.is_some() || self.register.is_some();
        let details = [
            ("kvk", is_registered, REGISTER_HINT),
            ("email", self.email.is_some(), "add `email = \"…\"`"),
            ("website", self.website.is_some(), "add `website = \"…\"`"),
        ];
        let missing = details.into_iter().filter(|(_, is_there, _)| !is_there);
        missing.map(|(key, _, hint)| (key, hint)).collect()
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
        if let (Some(name), None) = (&self.name, &self.trade_name)
            && let Some(signatory) = &self.signatory
            && let Some(Lookup::Known(form)) =
                self.legal_form.as_ref().map(|form| known.form(form.get_ref()))
            && form.is_person
        {
            note_sole_trader(check, name, form, signatory);
        }
        let name = check.required("name", self.name, table);
        let trade_name = check.optional("trade-name", self.trade_name);
        let (legal_form, form) = check_form(check, self.legal_form, known);
        let partners = check_partners(check, self.partners, legal_form.as_deref(), form, known);
        let country = check_country(check, self.country, known, language);
        let found = country.as_deref().and_then(|country| known.countries.find(country));
        let country_article =
            found.and_then(|country| country.article(language).map(str::to_owned));
        let home = country.as_deref().and_then(|country| known.register(country));
        let is_foreign = country.is_some() && home.is_none_or(|register| !register.is_dutch());
        let is_in_eea = country.is_none() || found.is_some_and(|country| country.is_in_eea);
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
            country_article,
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
        if country.is_organisation {
            let wrong = Diagnostic::error(format!("`{text}` is not a country"))
                .at(check.source, span)
                .hint("write the country in which the party is established");
            check.problem(wrong);
        }
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
