//! What the API's answers and acts look like, as JSON Schema. A test holds every answer against its schema, field by field.

use serde_json::{Map, Value, json};

/// Every schema by name.
pub(super) fn schemas() -> Value {
    let mut all = Map::new();
    for part in [words(), reports(), standings(), pages(), ranking(), members(), trouble()] {
        if let Value::Object(part) = part {
            all.extend(part);
        }
    }
    all.extend(super::acts::schemas());
    all.extend(super::rules::schemas());
    Value::Object(all)
}

pub(super) fn reference(schema: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{schema}") })
}

/// An object with these fields, all of them required.
pub(super) fn object(fields: &[(&str, Value)]) -> Value {
    with_optional(fields, &[])
}

/// An object with these fields; the second ones may be left out.
pub(super) fn with_optional(fields: &[(&str, Value)], optional: &[(&str, Value)]) -> Value {
    let required: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
    let all = fields.iter().chain(optional);
    let properties: Map<String, Value> = all.map(|(name, schema)| ((*name).to_owned(), schema.clone())).collect();
    json!({ "type": "object", "properties": properties, "required": required })
}

pub(super) fn text(meaning: &str) -> Value {
    json!({ "type": "string", "description": meaning })
}

pub(super) fn whole(meaning: &str) -> Value {
    json!({ "type": "integer", "description": meaning })
}

fn flag(meaning: &str) -> Value {
    json!({ "type": "boolean", "description": meaning })
}

fn time(meaning: &str) -> Value {
    json!({ "type": "string", "format": "date-time", "description": meaning })
}

pub(super) fn list(of: Value) -> Value {
    json!({ "type": "array", "items": of })
}

pub(super) fn or_null(schema: Value) -> Value {
    json!({ "oneOf": [schema, { "type": "null" }] })
}

fn cursor() -> Value {
    or_null(text("hand it back as `cursor`; null at the end"))
}

/// Quantities as people read them and as programs do.
fn words() -> Value {
    let of = |raw: &str, meaning: &str| object(&[("text", text("as people read it, rounded")), (raw, whole(meaning))]);
    json!({
        "Moment": object(&[
            ("text", text("in the co-op's time zone")),
            ("day", text("the same without the hour")),
            ("iso", time("RFC 3339")),
            ("at_us", whole("microseconds since 1970-01-01 UTC")),
        ]),
        "Weight": of("weight_micro", "micro-weights"),
        "Votes": of("votes_micro", "micro-votes; below zero where more is against than for"),
        "Share": of("share_ppm", "parts per million"),
        "Money": object(&[("amount", whole("minor units")), ("currency", text("ISO 4217"))]),
        "ClassSlice": object(&[
            ("class", text("its name")),
            ("class_index", whole("its place in the kernel, from 0")),
            ("members", whole("how many are in it")),
            ("weight", reference("Weight")),
            ("share", reference("Share")),
        ]),
    })
}

/// The reports that the command line prints with `--json`.
fn reports() -> Value {
    let class = object(&[
        ("class", text("its name")),
        ("earned", whole("micro-weights: the formula's result before scaling and caps")),
        ("weight", whole("micro-weights")),
    ]);
    let member = object(&[
        ("member", text("the pseudonym")),
        ("name", text("the name shown")),
        ("weight", whole("micro-weights")),
        ("classes", list(class)),
    ]);
    let period = object(&[
        ("period", text("`2017` or `2017-03`")),
        ("in", reference("Money")),
        ("out", reference("Money")),
        ("net", reference("Money")),
        ("balance", reference("Money")),
    ]);
    json!({
        "Weights": object(&[("at", time("the moment that is weighed")), ("unit", text("always `micro-weights`")), ("members", list(member))]),
        "Book": object(&[("periods", list(period))]),
    })
}

/// How a decision stands.
fn standings() -> Value {
    let candidate = object(&[
        ("candidate", text("a pseudonym, a document's hash, or `nobody`")),
        ("name", text("the name shown")),
        ("votes", whole("micro-votes")),
        ("bucket", whole("micro-vote-seconds")),
        ("bucket_size", whole("micro-vote-seconds of a full bucket")),
        ("full_at", or_null(time("when it is full if nothing moves; null if never"))),
    ]);
    let nominee = object(&[
        ("candidate", text("a pseudonym or a document's hash")),
        ("name", text("the name shown")),
        ("level", whole("micro-vote-seconds of attention")),
        ("level_size", whole("micro-vote-seconds at which they become a candidate")),
        ("enters_at", or_null(time("when they become one if nothing moves; null if never"))),
    ]);
    let item = object(&[
        ("item", text("its id")),
        ("title", text("its title")),
        ("votes", whole("micro-votes")),
        ("votes_for", whole("micro-votes")),
        ("votes_against", whole("micro-votes")),
        ("closes_at", or_null(time("the update that closes it; null while it has support"))),
    ]);
    json!({
        "Standings": with_optional(
            &[
                ("decision", text("its name")),
                ("kind", json!({ "type": "string", "enum": ["office", "body", "document", "constitution", "ranking"] })),
                ("unit", text("always `micro-votes`")),
                ("holders", list(text("a candidate"))),
                ("candidates", list(candidate)),
                ("next_update", time("when votes are counted next")),
            ],
            &[("nominees", list(nominee)), ("items", list(item))],
        )
    })
}

/// What Home, Decisions and Log show.
fn pages() -> Value {
    let card = object(&[
        ("name", text("in addresses and acts")),
        ("title", text("as people say it")),
        ("kind", json!({ "type": "string", "enum": ["office", "body", "document", "constitution", "ranking"] })),
        ("href", text("its page")),
        ("holders", list(text("a name"))),
        ("challenger", or_null(text("whose bucket is fullest"))),
        ("fill_ppm", whole("that bucket, in parts per million")),
        ("outlook", text("what happens if nothing moves")),
    ]);
    let head = object(&[
        ("entries", whole("how many there are")),
        ("entry_hash", text("SHA-256 of the last one, hex")),
        ("state_hash", or_null(text("of the state after the last update, hex"))),
        ("state_at", or_null(reference("Moment"))),
    ]);
    let entry = object(&[
        ("sequence", whole("its place, from 1")),
        ("at", reference("Moment")),
        ("act", text("its kind")),
        ("words", text("what it says")),
        ("entry_hash", text("SHA-256, hex")),
        ("demonstration", flag("made up to show how it works")),
    ]);
    let me = object(&[
        ("member", text("the pseudonym")),
        ("name", text("the name shown")),
        ("weight", reference("Weight")),
        ("waiting", whole("how many things wait")),
    ]);
    json!({
        "Coop": object(&[
            ("name", text("from the kernel")), ("purpose", text("from the kernel")), ("currency", text("ISO 4217")),
            ("members", whole("in the register")), ("weight_total", reference("Weight")),
            ("last_update", or_null(reference("Moment"))), ("next_update", reference("Moment")),
            ("next_update_words", text("for example `in 3 days`")),
            ("demonstration", flag("its ballots are made up")), ("walk_in", flag("anyone may act as any member")),
            ("me", or_null(me)),
        ]),
        "Decisions": list(card),
        "Log": object(&[
            ("head", head), ("verify_command", text("replays and checks everything")), ("entries", list(entry)),
            ("next", cursor()), ("previous", cursor()),
        ]),
    })
}

/// What Priorities shows.
fn ranking() -> Value {
    let countdown = object(&[
        ("closes_at", reference("Moment")),
        ("left_days", whole("days, rounded up")),
        ("of_days", whole("days")),
        ("words", text("the same in words")),
    ]);
    let field = object(&[("typed", text("per cent")), ("share_ppm", or_null(whole("parts per million")))]);
    let ballot = object(&[("side", text("`for` or `against`")), ("share", field), ("placed", flag("a ballot stands"))]);
    let item = object(&[
        ("rank", whole("from 1")),
        ("item", text("its id")),
        ("title", text("its title")),
        ("href", or_null(text("where it is talked about"))),
        ("labels", list(text("a label"))),
        ("votes", reference("Votes")),
        ("ahead", or_null(reference("Votes"))),
        ("votes_for", reference("Votes")),
        ("votes_against", reference("Votes")),
        ("supporters", whole("members with weight and a ballot for it")),
        ("opponents", whole("members with weight and a ballot against it")),
        ("opened", reference("Moment")),
        ("closing", or_null(countdown)),
        ("ballot", or_null(ballot)),
    ]);
    let closed = object(&[
        ("item", text("its id")),
        ("title", text("its title")),
        ("href", or_null(text("where it was talked about"))),
        ("closed_at", reference("Moment")),
        ("words", text("why")),
    ]);
    json!({
        "Ranking": object(&[
            ("name", text("in acts")), ("title", text("as people say it")), ("href", text("its page")),
            ("rules", list(text("a sentence"))), ("items", list(item)), ("closed", list(closed)),
            ("free", or_null(reference("Share"))), ("preview", json!({ "type": "null" })),
        ])
    })
}

/// The register, and a weight line by line.
fn members() -> Value {
    let row = object(&[
        ("member", text("the pseudonym")),
        ("name", text("the name shown")),
        ("classes", list(reference("ClassSlice"))),
        ("weight", reference("Weight")),
        ("share", reference("Share")),
        ("offices", list(text("an office held"))),
    ]);
    let class = object(&[("slice", reference("ClassSlice")), ("earned_words", text("how its weight is earned"))]);
    let point = object(&[
        ("members_ppm", whole("the heaviest so many members, in parts per million")),
        ("weight_ppm", whole("hold so much weight, in parts per million")),
    ]);
    let line = object(&[
        ("words", text("a step of the working")),
        ("value", text("its result, with its unit")),
        ("depth", whole("how deep it stands in the formula, from 0")),
    ]);
    let worked = object(&[
        ("class", text("its name")),
        ("class_index", whole("its place in the kernel, from 0")),
        ("formula", text("as the kernel has it")),
        ("lines", list(line)),
        ("earned", reference("Weight")),
        ("scaled", reference("Weight")),
        ("capped", reference("Weight")),
    ]);
    let cap = object(&[("words", text("the cap")), ("before", reference("Weight")), ("after", reference("Weight"))]);
    let weight = object(&[
        ("member", text("the pseudonym")),
        ("counted_at", or_null(reference("Moment"))),
        ("classes", list(worked)),
        ("cap", or_null(cap)),
        ("total", reference("Weight")),
        ("share", reference("Share")),
    ]);
    json!({
        "Members": object(&[
            ("total", whole("in the register")), ("weighty", whole("of them with weight")), ("found", whole("that match")),
            ("classes", list(class)), ("curve", list(point)), ("curve_words", text("the same in words")),
            ("query", text("what was asked for")), ("rows", list(row)), ("next", cursor()), ("previous", cursor()),
        ]),
        "Member": object(&[
            ("member", text("the pseudonym")), ("name", text("the name shown")), ("since", reference("Moment")),
            ("offices", list(list(text("title, then address")))), ("weight", weight),
        ]),
    })
}

/// Receipts, refusals and everything else that is not the answer.
fn trouble() -> Value {
    let receipt = object(&[
        ("entry", whole("its place in the log, from 1")),
        ("hash", text("SHA-256 of the entry, hex")),
        ("time", time("the entry's")),
        ("repeated", flag("it was done before under the same key")),
    ]);
    let way = object(&[("words", text("what can still be done")), ("href", or_null(text("where")))]);
    let problem = object(&[("field", text("which field")), ("words", text("what is wrong with it"))]);
    json!({
        "Receipt": object(&[("receipt", receipt)]),
        "Problem": with_optional(
            &[("type", text("a URN; of a refusal `urn:rochdale:refusal:` and its name")), ("title", text("a few words")), ("status", whole("HTTP")), ("detail", text("a sentence"))],
            &[("number", whole("a refusal's; never used again")), ("name", text("a refusal's")), ("ways_out", list(way)), ("problems", list(problem))],
        ),
    })
}
