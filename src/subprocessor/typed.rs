//! A sub-processor as it is typed. The remarks on the keys are what editors show: Dutch, then English.

use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, Visitor};

use crate::input::{Date, Spanned, Text};

/// A sub-processor as typed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawSubprocessor {
    /// Statutaire naam.
    ///
    /// Its legal name.
    #[schemars(required)]
    pub(super) name: Option<Text>,
    /// Vestigingsadres, op één regel.
    ///
    /// Where it is established, on one line.
    pub(super) address: Option<Text>,
    /// Land waar de gegevens worden verwerkt, zoals countries.toml het noemt.
    ///
    /// The country in which it processes the data, as countries.toml names it.
    #[schemars(required)]
    pub(super) country: Option<Text>,
    /// Contact: e-mailadres, persoon of pagina.
    ///
    /// Whom to ask: an e-mail address, a person or a page.
    pub(super) contact: Option<Text>,
    /// Soorten subverwerker.
    ///
    /// Its categories, by their ids in services.toml.
    #[schemars(extend("x-ids" = "subprocessor-category"))]
    pub(super) categories: Option<Vec<Text>>,
    /// Wat het met de gegevens doet.
    ///
    /// What it does with the data.
    #[schemars(required)]
    pub(super) processing: Option<Text>,
    /// Sinds welke dag, zonder aanhalingstekens: 2026-01-01.
    ///
    /// Since which day, without quotes.
    pub(super) since: Option<Date>,
    /// Grondslag voor doorgifte buiten de EER (art. 44-49 AVG): { basis = "scc", module = 3 }.
    ///
    /// What permits the transfer outside the EEA (art. 44-49 GDPR).
    pub(super) transfer: Option<Spanned<RawTransfer>>,
    #[schemars(skip)]
    pub(super) category: Option<Text>,
    #[schemars(skip)]
    pub(super) purpose: Option<Text>,
}

/// What permits a transfer, as typed.
#[derive(Debug)]
pub enum RawTransfer {
    /// As older client files have it.
    Text,
    Typed(RawBasis),
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawBasis {
    /// De grondslag: adequacy, dpf, scc, bcr of derogation.
    ///
    /// The ground: adequacy, dpf, scc, bcr or derogation.
    #[schemars(required, extend("x-ids" = "basis"))]
    pub(super) basis: Option<Text>,
    /// Bij dpf: op welke dag de certificering is gecontroleerd, zonder aanhalingstekens.
    ///
    /// With dpf: the day on which the certification was looked up, without quotes.
    pub(super) checked: Option<Date>,
    /// Bij scc: het nummer van de module, 3 tussen verwerkers.
    ///
    /// With scc: the number of the module, 3 between processors.
    #[schemars(range(min = 3, max = 3))]
    pub(super) module: Option<Spanned<i64>>,
    /// Bij derogation: waarom de afwijking geldt.
    ///
    /// With derogation: why it applies.
    pub(super) why: Option<Text>,
}

impl<'de> Deserialize<'de> for RawTransfer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = RawTransfer;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a map")
            }

            fn visit_str<E>(self, _: &str) -> Result<RawTransfer, E> {
                Ok(RawTransfer::Text)
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<RawTransfer, A::Error> {
                RawBasis::deserialize(MapAccessDeserializer::new(map)).map(RawTransfer::Typed)
            }
        }
        deserializer.deserialize_any(Either)
    }
}

impl JsonSchema for RawTransfer {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        RawBasis::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        RawBasis::json_schema(generator)
    }
}
