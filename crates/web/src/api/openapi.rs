//! The API's description, OpenAPI 3.1, and the same list for the page `/api`. The table of routes is written by hand, and a test
//! holds it against `routes.rs`; schemas of answers come from the structs that are served.

use super::bridges::{BridgeDeed, BridgeDone, BridgesAnswer, NewBridge};
use super::imports::{ImportsAnswer, NewImport, NewMove};
use super::outbox::{NewOutlet, OutboxAnswer, SaidOfTask, TasksAnswer};
use super::rules::{RulesChecked, RulesToCheck};
use super::v1::Submitted;
use super::{acts, reference};
use crate::release::upload::{NewRelease, Published};
use crate::trouble::ProblemDetails;
use crate::who::{WhoAnswer, WhoDone, WhoSaid};
use axum::Json;
use host::bridge::MadeBridge;
use host::inbox::{Report, Row};
use host::move_in::MovingIn;
use host::outbox::Outlet;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Map, Value, json};
use std::sync::LazyLock;
use views::{
    ApplicationsView, BookReport, CoopSummary, CreditView, DecisionCard, HearingsView, LogView, MemberView,
    MembersView, OwnCredit, RankingView, RegisterReport, ReleaseClauseView, RulesReport, ServedView, StandingsReport,
    WeightsReport,
};
use words::api;

/// One address of the API.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) summary: &'static str,
    /// Name and meaning; a name that stands in the path is required.
    pub(crate) parameters: Parameters,
    answer: Answer,
}

type Parameters = &'static [(&'static str, &'static str)];

/// The schema of an answer.
type Answer = fn(&mut SchemaGenerator) -> Schema;

fn of<T: JsonSchema>(schemas: &mut SchemaGenerator) -> Schema {
    schemas.subschema_for::<T>()
}

pub(crate) static OPERATIONS: [Operation; 34] = [
    get("/api/v1/coop", api::COOP, &[], of::<CoopSummary>),
    get(
        "/api/v1/weights",
        api::WEIGHTS,
        &[("at", api::WEIGHTS_AT), ("member", api::ONE_MEMBER), ("cursor", api::CURSOR)],
        of::<WeightsReport>,
    ),
    get("/api/v1/decisions", api::DECISIONS, &[], of::<Vec<DecisionCard>>),
    get(
        "/api/v1/decisions/{name}",
        api::STANDINGS,
        &[("name", api::THE_DECISION), ("at", api::AT), ("cursor", api::CURSOR)],
        of::<StandingsReport>,
    ),
    get(
        "/api/v1/decisions/{name}/served",
        api::SERVED,
        &[("name", api::THE_DECISION), ("cursor", api::CURSOR)],
        of::<ServedView>,
    ),
    get("/api/v1/issues", api::ISSUES, &[("cursor", api::CURSOR)], of::<RankingView>),
    get("/api/v1/rules", api::RULES, &[], of::<RulesReport>),
    post("/api/v1/rules/check", api::CHECK, &[], of::<RulesChecked>),
    get("/api/v1/book", api::BOOK, &[("by", api::BOOK_BY), ("at", api::AT)], of::<BookReport>),
    get(
        "/api/v1/members",
        api::MEMBERS,
        &[("query", api::QUERY), ("at", api::AT), ("cursor", api::CURSOR)],
        of::<MembersView>,
    ),
    get("/api/v1/members/{member}", api::MEMBER, &[("member", api::THE_PSEUDONYM)], of::<MemberView>),
    get("/api/v1/log", api::LOG, &[("cursor", api::CURSOR)], of::<LogView>),
    get(RECEIPT, api::RECEIPT, &[("entry", api::THE_ENTRY)], of::<String>),
    post("/api/v1/acts", api::ACTS, &[("Idempotency-Key", api::KEY)], of::<Submitted>),
    post("/api/v1/facts", api::FACTS, &[], of::<Report>),
    post(
        "/api/v1/imports",
        api::IMPORT,
        &[("kind", api::IMPORT_KIND), ("name", api::IMPORT_NAME), ("new_members", api::NEW_MEMBERS)],
        of::<Report>,
    ),
    get("/api/v1/imports", api::IMPORTS, &[("cursor", api::CURSOR)], of::<ImportsAnswer>),
    get("/api/v1/imports/{number}", api::ONE_IMPORT, &[("number", api::THE_NUMBER)], of::<Report>),
    post("/api/v1/move-in", api::MOVE_IN, &[], of::<MovingIn>),
    get("/api/v1/hearings", api::HEARINGS, &[], of::<HearingsView>),
    get("/api/v1/register", api::REGISTER, &[("at", api::AT), ("former", api::FORMER)], of::<RegisterReport>),
    get("/api/v1/applications", api::APPLICATIONS, &[], of::<ApplicationsView>),
    get("/api/v1/who", api::WHO, &[], of::<WhoAnswer>),
    post("/api/v1/who", api::WHO_SAID, &[], of::<WhoDone>),
    get("/api/v1/bridges", api::BRIDGES, &[], of::<BridgesAnswer>),
    post("/api/v1/bridges", api::MAKE_BRIDGE, &[], of::<MadeBridge>),
    post("/api/v1/bridges/{bridge}", api::BRIDGE_DEED, &[("bridge", api::THE_BRIDGE)], of::<BridgeDone>),
    get("/api/v1/credit", api::CREDIT, &[], of::<CreditView>),
    get(
        "/api/v1/credit/{period}",
        api::OWN_CREDIT,
        &[("period", api::THE_PERIOD), ("cursor", api::CURSOR)],
        of::<OwnCredit>,
    ),
    get("/api/v1/releases", api::RELEASES, &[], of::<Vec<ReleaseClauseView>>),
    post(PUBLISH, api::PUBLISH, &[("release", api::THE_RELEASE)], of::<Published>),
    get("/api/v1/outbox", api::OUTBOX, &[], of::<OutboxAnswer>),
    post("/api/v1/outbox", api::OUTBOX_SAID, &[], of::<TasksAnswer>),
    post("/api/v1/outbox/outlets", api::OUTBOX_CHOSEN, &[], of::<Outlet>),
];

/// The one request that is no JSON: a form with files.
const PUBLISH: &str = "/api/v1/releases/{release}";

/// The one answer that is no JSON: a C2SP `tlog-proof`.
const RECEIPT: &str = "/api/v1/log/entries/{entry}/receipt";

const fn get(path: &'static str, summary: &'static str, parameters: Parameters, answer: Answer) -> Operation {
    Operation { method: "get", path, summary, parameters, answer }
}

const fn post(path: &'static str, summary: &'static str, parameters: Parameters, answer: Answer) -> Operation {
    Operation { method: "post", path, summary, parameters, answer }
}

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
        let path: &mut Value = paths.entry(operation.path).or_insert_with(|| json!({}));
        path[operation.method] = describe(operation, &mut schemas);
    }
    let mut known = schemas.take_definitions(true);
    known.extend(acts::schemas());
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Rochdale",
            "version": "1",
            "summary": api::SUMMARY,
            "license": { "name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later" },
        },
        "servers": [{ "url": "/" }],
        "paths": paths,
        // Much can be read without one.
        "security": [{}, { "token": [] }],
        "components": {
            "schemas": known,
            "securitySchemes": {
                "token": { "type": "http", "scheme": "bearer", "description": api::TOKEN },
            },
        },
    })
}

fn describe(operation: &Operation, schemas: &mut SchemaGenerator) -> Value {
    let parameters: Vec<Value> = operation
        .parameters
        .iter()
        .map(|(name, meaning)| {
            // OpenAPI demands `required` of each parameter in a path; the others here can be left out.
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
    // docs/spec/api.md, Errors: everything but a 2xx is a problem, so one default describes all of them.
    let answer = (operation.answer)(schemas).to_value();
    let kind = if operation.path == RECEIPT { "text/plain" } else { "application/json" };
    let problem = schemas.subschema_for::<ProblemDetails>().to_value();
    let mut described = json!({
        "operationId": operation_id(operation),
        "summary": operation.summary,
        "parameters": parameters,
        "responses": {
            "200": { "description": api::ANSWER, "content": content(kind, answer) },
            "default": {
                "description": api::PROBLEM,
                "content": content("application/problem+json", problem),
            },
        },
    });
    if operation.method == "post"
        && let Some(fields) = described.as_object_mut()
    {
        // Acts have schemas of their own, with an example each, which no served struct gives.
        let taken = match operation.path {
            "/api/v1/rules/check" => schemas.subschema_for::<RulesToCheck>().to_value(),
            "/api/v1/facts" => schemas.subschema_for::<Row>().to_value(),
            "/api/v1/bridges" => schemas.subschema_for::<NewBridge>().to_value(),
            "/api/v1/bridges/{bridge}" => schemas.subschema_for::<BridgeDeed>().to_value(),
            "/api/v1/outbox" => schemas.subschema_for::<SaidOfTask>().to_value(),
            "/api/v1/outbox/outlets" => schemas.subschema_for::<NewOutlet>().to_value(),
            "/api/v1/imports" => schemas.subschema_for::<NewImport>().to_value(),
            "/api/v1/move-in" => schemas.subschema_for::<NewMove>().to_value(),
            "/api/v1/who" => schemas.subschema_for::<WhoSaid>().to_value(),
            PUBLISH => schemas.subschema_for::<NewRelease>().to_value(),
            _ => reference("Act"),
        };
        let sent = if operation.path == PUBLISH { "multipart/form-data" } else { "application/json" };
        fields.insert("requestBody".to_owned(), json!({ "required": true, "content": content(sent, taken) }));
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
