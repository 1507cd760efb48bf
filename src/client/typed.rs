//! The client file as it is typed. The remarks on the keys are what editors show, by way of
//! `dpa-gen schema`: Dutch, then English.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::input::{Date, Spanned, Text};
use crate::party::RawParty;
use crate::terms::RawTerms;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct RawClient {
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
    /// Termijnen voor deze klant: elk voegt een zin aan zijn artikel toe.
    ///
    /// Times for this client: each adds its sentence to its article.
    #[serde(default)]
    pub terms: RawTerms,
    /// Vervangt voor deze klant cellen in de rij van een dienst (bijlage 1).
    ///
    /// Replaces cells in a service's row for this client (annex 1): `[service.website]`.
    #[serde(default)]
    #[schemars(extend("x-ids" = "service"))]
    pub service: IndexMap<Text, RawOverride>,
    /// Een subverwerker met naam (bijlage 3).
    ///
    /// A sub-processor by name (annex 3): `[[subprocessor]]`.
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
    /// Hoe lang de gegevens worden bewaard.
    ///
    /// How long the data are kept.
    pub retention: Option<Text>,
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

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSubprocessor {
    /// Statutaire naam.
    ///
    /// Its legal name.
    #[schemars(required)]
    pub name: Option<Text>,
    /// Soort subverwerker.
    ///
    /// Its category, by its id in services.toml.
    #[schemars(extend("x-ids" = "subprocessor-category"))]
    pub category: Option<Text>,
    /// Land waar de gegevens worden verwerkt.
    ///
    /// Where it processes the data.
    #[schemars(required)]
    pub country: Option<Text>,
    /// Waarvoor.
    ///
    /// What for.
    #[schemars(required)]
    pub purpose: Option<Text>,
    /// Grondslag voor doorgifte buiten de EER (art. 44-46 AVG).
    ///
    /// What permits the transfer outside the EEA (art. 44-46 GDPR).
    pub transfer: Option<Text>,
}
