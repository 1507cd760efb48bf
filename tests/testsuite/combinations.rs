//! Every combination of services makes a contract.

use dpa_gen::typeset::Typesetter;

use crate::pdf;
use crate::support::{embedded, pdf as make, with_stack};

#[test]
fn every_combination_of_services_makes_a_contract_without_a_gap() {
    let library = embedded();
    let services: Vec<(&str, &str)> = library
        .catalogue()
        .services
        .iter()
        .map(|(id, service)| (id.as_str(), service.name.as_str()))
        .collect();
    let all_names: Vec<&str> = services.iter().map(|(_, name)| *name).collect();
    let combinations = 1..1_u32 << services.len();
    assert_eq!(combinations.len(), 63);

    let make_half = |half: u32| {
        let typesetter = Typesetter::new(&library).unwrap();
        for combination in combinations.clone().filter(|combination| combination % 2 == half) {
            let taken: Vec<(&str, &str)> = services
                .iter()
                .enumerate()
                .filter(|(index, _)| combination & 1 << index != 0)
                .map(|(_, service)| *service)
                .collect();
            let ids: Vec<&str> = taken.iter().map(|(id, _)| *id).collect();
            let names: Vec<&str> = taken.iter().map(|(_, name)| *name).collect();
            let client = format!("services = {ids:?}\n[client]\nname = \"Acme B.V.\"\n");
            let pdf = make(&library, &typesetter, &client)
                .unwrap_or_else(|problems| panic!("{ids:?}: {problems:#?}"));
            let lines = pdf::lines(&pdf);
            let articles = if ids.contains(&"ai-agent") { 18 } else { 17 };
            let numbers: Vec<usize> = (1..=articles).collect();
            assert_eq!(pdf::article_numbers(&lines), (numbers.clone(), numbers), "{ids:?}");
            let rows = pdf::rows(&lines, "Bijlage 1", "Bijlage 2", &all_names);
            assert_eq!(rows, names, "the rows of the first annex");
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(|| with_stack(|| make_half(0)));
        with_stack(|| make_half(1));
    });
}
