//! The API's description, OpenAPI 3.1, and the same list for the page `/api`. The table of routes is written by hand, and a test
//! holds it against `routes.rs`; schemas of answers come from the structs that are served.

use super::rules::{RulesChecked, RulesToCheck};
use super::v1::Submitted;
use super::{acts, reference};
use crate::trouble::ProblemDetails;
use axum::Json;
use schemars::generate::SchemaSettings;
use schemars::{Schema, SchemaGenerator};
use serde_json::{Map, Value, json};
use std::sync::LazyLock;
use views::{
    BookReport, CoopSummary, DecisionCard, LogView, MemberView, MembersView, RankingView, RulesReport, StandingsReport,
    WeightsReport,
};

/// One address of the API.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) summary: &'static str,
    /// Name and meaning; a name that stands in the path is required.
    pub(crate) parameters: &'static [(&'static str, &'static str)],
    /// The schema of the answer.
    answer: fn(&mut SchemaGenerator) -> Schema,
}

pub(crate) static OPERATIONS: [Operation; 12] = [
    Operation {
        method: "get",
        path: "/api/v1/coop",
        summary: "The co-op: name, purpose, members, weight, last and next update.",
        parameters: &[],
        answer: SchemaGenerator::subschema_for::<CoopSummary>,
    },
    Operation {
        method: "get",
        path: "/api/v1/weights",
        summary: "The weight of every member, by class.",
        parameters: &[
            (
                "at",
                "ISO 8601 date or time: weights from support given up to then, by the rules in force then; now if left out",
            ),
            ("member", "one member's pseudonym"),
        ],
        answer: SchemaGenerator::subschema_for::<WeightsReport>,
    },
    Operation {
        method: "get",
        path: "/api/v1/decisions",
        summary: "Every decision and how it stands, in words.",
        parameters: &[],
        answer: SchemaGenerator::subschema_for::<Vec<DecisionCard>>,
    },
    Operation {
        method: "get",
        path: "/api/v1/decisions/{name}",
        summary: "The standings of one decision: holders, votes, buckets.",
        parameters: &[
            ("name", "the decision, for example `maintainer`"),
            ("at", "ISO 8601 date or time; now if left out"),
        ],
        answer: SchemaGenerator::subschema_for::<StandingsReport>,
    },
    Operation {
        method: "get",
        path: "/api/v1/issues",
        summary: "The priorities in order, with votes for and against, and what will close when.",
        parameters: &[],
        answer: SchemaGenerator::subschema_for::<RankingView>,
    },
    Operation {
        method: "get",
        path: "/api/v1/rules",
        summary: "The rules in force: the kernel, the constitution and those inside it, as written and in plain English.",
        parameters: &[],
        answer: SchemaGenerator::subschema_for::<RulesReport>,
    },
    Operation {
        method: "post",
        path: "/api/v1/rules/check",
        summary: "A text checked against what stands above it: diagnostics as an editor wants them, and what it would change. Nothing is kept.",
        parameters: &[],
        answer: SchemaGenerator::subschema_for::<RulesChecked>,
    },
    Operation {
        method: "get",
        path: "/api/v1/book",
        summary: "Money in, out and left, by year or month.",
        parameters: &[("by", "`year` (the default) or `month`"), ("at", "ISO 8601 date or time; now if left out")],
        answer: SchemaGenerator::subschema_for::<BookReport>,
    },
    Operation {
        method: "get",
        path: "/api/v1/members",
        summary: "The register, heaviest first, a page at a time.",
        parameters: &[("query", "part of a name or pseudonym"), ("cursor", "`next` of the page before")],
        answer: SchemaGenerator::subschema_for::<MembersView>,
    },
    Operation {
        method: "get",
        path: "/api/v1/members/{member}",
        summary: "One member and their weight, line by line.",
        parameters: &[("member", "the pseudonym")],
        answer: SchemaGenerator::subschema_for::<MemberView>,
    },
    Operation {
        method: "get",
        path: "/api/v1/log",
        summary: "The log in words, newest first, a page at a time.",
        parameters: &[("cursor", "`next` of the page before")],
        answer: SchemaGenerator::subschema_for::<LogView>,
    },
    Operation {
        method: "post",
        path: "/api/v1/acts",
        summary: "Submits one act and answers its receipt.",
        parameters: &[("Idempotency-Key", "the act's key: the same act sent twice is done once")],
        answer: SchemaGenerator::subschema_for::<Submitted>,
    },
];

/// `GET /api/openapi.json`.
pub(crate) async fn show() -> Json<&'static Value> {
    static DOCUMENT: LazyLock<Value> = LazyLock::new(document);
    Json(&DOCUMENT)
}

fn document() -> Value {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    let mut schemas =
        settings.with(|settings| settings.definitions_path = "/components/schemas".into()).into_generator();
    let mut paths = Map::new();
    for operation in &OPERATIONS {
        paths.insert(operation.path.to_owned(), json!({ operation.method: describe(operation, &mut schemas) }));
    }
    let mut known = schemas.take_definitions(true);
    known.extend(acts::schemas());
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Rochdale",
            "version": "1",
            "summary": "The facts of a co-op's pages, for programs.",
            "license": { "name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later" },
        },
        "servers": [{ "url": "/" }],
        "paths": paths,
        "components": { "schemas": known },
    })
}

fn describe(operation: &Operation, schemas: &mut SchemaGenerator) -> Value {
    let parameters: Vec<Value> = operation
        .parameters
        .iter()
        .map(|(name, meaning)| {
            let in_path = operation.path.contains(&format!("{{{name}}}"));
            let place = match (in_path, *name) {
                (true, _) => "path",
                (false, "Idempotency-Key") => "header",
                (false, _) => "query",
            };
            json!({
                "name": name, "in": place, "required": in_path,
                "description": meaning, "schema": { "type": "string" },
            })
        })
        .collect();
    let content = |kind: &str, schema: Value| json!({ kind: { "schema": schema } });
    let answer = (operation.answer)(schemas).to_value();
    let problem = schemas.subschema_for::<ProblemDetails>().to_value();
    let mut described = json!({
        "operationId": operation_id(operation),
        "summary": operation.summary,
        "parameters": parameters,
        "responses": {
            "200": { "description": "The answer", "content": content("application/json", answer) },
            "default": {
                "description": "A refusal, or why it cannot be read (RFC 9457)",
                "content": content("application/problem+json", problem),
            },
        },
    });
    if operation.method == "post"
        && let Some(fields) = described.as_object_mut()
    {
        let taken = match operation.path {
            "/api/v1/rules/check" => schemas.subschema_for::<RulesToCheck>().to_value(),
            _ => reference("Act"),
        };
        fields.insert(
            "requestBody".to_owned(),
            json!({ "required": true, "content": content("application/json", taken) }),
        );
    }
    described
}

fn operation_id(operation: &Operation) -> String {
    let name = operation.path.trim_start_matches("/api/v1/");
    let name = name.replace(['/', '{', '}'], "_").replace("__", "_");
    format!("{}_{}", operation.method, name.trim_end_matches('_'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routes::ROUTES;

    #[test]
    fn describes_exactly_the_routes_of_the_api() {
        let served = ROUTES.iter().filter(|route| route.path.starts_with("/api/v1/"));
        let served: Vec<_> = served.map(|route| (route.method, route.path)).collect();
        let described: Vec<_> = OPERATIONS.iter().map(|one| (one.method, one.path)).collect();
        assert_eq!(described, served);
    }

    #[test]
    fn every_reference_is_there() {
        let document = document();
        let text = document.to_string();
        for part in text.split("#/components/schemas/").skip(1) {
            let name = part.split('"').next().unwrap_or_default();
            assert!(!document["components"]["schemas"][name].is_null(), "{name}");
        }
    }
}
