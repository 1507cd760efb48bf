//! The client file as it is typed. The remarks on the keys are what editors show, by way of
//! `dpa-gen schema`: Dutch, then English.

use std::borrow::Cow;
use std::fmt;

use indexmap::IndexMap;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, Visitor};

use crate::input::{Date, Spanned, Text};
use crate::party::RawParty;
use crate::subprocessor::RawSubprocessor;
use crate::terms::RawTimeLimits;

/// Letters, digits, `-`, `_` and `.`, written as what is none of them: ECMA-262, Rust and Python name letters each
/// in another way.
const ID: &str = r"^[^\u0000-/:-@\[-`{-\u00A9\u00AB-\u00B1\u00B4\u00B6-\u00B8\u00BB\u00BF\u00D7\u00F7\s][^\u0000-,/:-@\[-^`{-\u00A9\u00AB-\u00B1\u00B4\u00B6-\u00B8\u00BB\u00BF\u00D7\u00F7\s]*$";

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct RawClient {
    /// Korte vaste naam van de klant: zo heten zijn pdf's, ook als dit bestand een andere naam krijgt.
    ///
    /// The client's short and lasting name: its PDFs keep it, whatever this file is called.
    #[schemars(regex(pattern = ID))]
    pub id: Option<Text>,
    /// Een voorbeeld: geen klant, en in geen lijst van klanten.
    ///
    /// A sample: no client, and in no list of clients.
    pub sample: Option<bool>,
    /// De diensten die de klant afneemt.
    ///
    /// The services that the client takes, by their ids in services.toml.
    #[schemars(required, length(min = 1), extend("x-ids" = "service"))]
    pub services: Option<Spanned<Vec<Text>>>,
    /// De klant: de verwerkingsverantwoordelijke.
    ///
    /// The client: the controller.
    #[schemars(required)]
    pub client: Option<Spanned<RawParty>>,
    /// De overeenkomst waar het contract bij hoort.
    ///
    /// The agreement that the contract belongs to.
    #[serde(default)]
    pub agreement: RawAgreement,
    /// Beveiligingsmaatregelen (bijlage 2).
    ///
    /// Security measures (annex 2).
    #[serde(default)]
    pub security: RawSecurity,
    /// Wat de verwerking voor deze klant meer omvat dan de diensten zeggen (bijlage 1).
    ///
    /// What the processing for this client has beyond its services (annex 1).
    #[serde(default)]
    pub processing: RawProcessing,
    /// Termijnen voor deze klant: de zin van elk staat in zijn artikel in plaats van de vagere.
    ///
    /// Times for this client: the sentence of each stands in its article in place of the vaguer one.
    #[serde(default)]
    pub terms: RawTimeLimits,
    /// Vervangt voor deze klant cellen in de rij van een dienst (bijlage 1).
    ///
    /// Replaces cells in a service's row for this client (annex 1): `[service.website]`.
    #[serde(default)]
    #[schemars(extend("x-ids" = "service"))]
    pub service: IndexMap<Text, RawOverride>,
    /// Welke subverwerkers van de verwerker voor deze klant werken, per soort: ids uit subprocessors.toml.
    ///
    /// Which of the processor's sub-processors serve this client, by category; all of them where it is left out.
    #[serde(default)]
    #[schemars(extend("x-ids" = "subprocessor-category"))]
    pub subprocessors: IndexMap<Text, Vec<Text>>,
    /// Een subverwerker die alleen deze klant heeft (bijlage 3).
    ///
    /// A sub-processor that only this client has (annex 3): `[[subprocessor]]`.
    #[serde(default)]
    pub subprocessor: Vec<Spanned<RawSubprocessor>>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct RawAgreement {
    /// Nummer of naam van de offerte.
    ///
    /// The quote's number or name.
    pub quote: Option<Text>,
    /// Naam van de hoofdovereenkomst.
    ///
    /// The main agreement's name.
    pub main_agreement: Option<Text>,
    /// Datum van de overeenkomst, zonder aanhalingstekens: 2026-07-01.
    ///
    /// The day of the agreement, without quotes.
    pub date: Option<Date>,
    /// Eerste dag van de verwerking, zonder aanhalingstekens.
    ///
    /// The first day of the processing, without quotes.
    pub start: Option<Date>,
    /// Laatste dag van de verwerking, zonder aanhalingstekens; niet voor de eerste dag.
    ///
    /// The last day of the processing, without quotes; not before the first.
    pub end: Option<Date>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSecurity {
    /// Maatregelen die met deze klant zijn afgesproken, naast de standaardmaatregelen.
    ///
    /// Measures agreed with this client beyond the base set.
    pub extra: Option<Vec<Text>>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct RawProcessing {
    /// Betrokkenen, naast die van de diensten.
    ///
    /// Categories of data subjects, beyond those of the services.
    pub data_subjects: Option<Vec<Text>>,
    /// Soorten persoonsgegevens, naast die van de diensten.
    ///
    /// Categories of personal data, beyond those of the services.
    pub data_categories: Option<Vec<Text>>,
    /// Bijzondere of strafrechtelijke gegevens (art. 9 en 10 AVG); `[]` zegt dat ze er niet zijn.
    ///
    /// Special or criminal data (art. 9 and 10 GDPR); `[]` says that there are none.
    pub special_data: Option<Vec<Text>>,
    /// Hoe lang de gegevens worden bewaard: een tekst, of { months = 84, ground = "…" }.
    ///
    /// How long the data are kept: a text, or months with a legal ground.
    pub retention: Option<Spanned<RawRetention>>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct RawOverride {
    /// Wat er met de gegevens gebeurt.
    ///
    /// What is done with the data.
    pub processing: Option<Text>,
    /// Waarvoor.
    ///
    /// What for.
    pub purpose: Option<Text>,
    /// Soorten persoonsgegevens.
    ///
    /// Categories of personal data, by their ids in services.toml.
    #[schemars(length(min = 1), extend("x-ids" = "data-category"))]
    pub data_categories: Option<Vec<Text>>,
    /// Betrokkenen.
    ///
    /// Categories of data subjects.
    #[schemars(length(min = 1))]
    pub data_subjects: Option<Vec<Text>>,
}

/// How long the data are kept, as typed: a text, or months with a ground.
#[derive(Debug)]
pub(super) enum RawRetention {
    Text(String),
    Typed { months: Option<Spanned<i64>>, ground: Option<Text> },
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RawMonths {
    /// Maanden na afloop van de overeenkomst.
    ///
    /// Months after the end of the agreement.
    #[schemars(required, range(min = 1, max = 1200))]
    months: Option<Spanned<i64>>,
    /// De wet die deze termijn eist.
    ///
    /// The law that asks for it.
    ground: Option<Text>,
}

impl<'de> Deserialize<'de> for RawRetention {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = RawRetention;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a text, or months with a ground")
            }

            fn visit_str<E>(self, text: &str) -> Result<RawRetention, E> {
                Ok(RawRetention::Text(text.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<RawRetention, A::Error> {
                let RawMonths { months, ground } =
                    RawMonths::deserialize(MapAccessDeserializer::new(map))?;
                Ok(RawRetention::Typed { months, ground })
            }
        }
        deserializer.deserialize_any(Either)
    }
}

impl JsonSchema for RawRetention {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        RawMonths::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let text = Text::json_schema(generator);
        let months = RawMonths::json_schema(generator);
        json_schema!({ "anyOf": [text, months] })
    }
}
