//! What members can hand in, as JSON Schema with an example each.

use super::reference;
use serde_json::{Map, Value, json};

/// An act, its fields beside `act` and `member`, and those that may be left out.
struct Form {
    act: &'static str,
    fields: Vec<(&'static str, Value)>,
    optional: Vec<(&'static str, Value)>,
    example: Value,
}

/// The schemas of acts: `Act`, and one for each kind.
pub(super) fn schemas() -> Map<String, Value> {
    let mut all = Map::new();
    let mut kinds = Vec::new();
    for form in forms() {
        let name = format!("act_{}", form.act);
        kinds.push(reference(&name));
        all.insert(name, form.schema());
    }
    let act = json!({ "oneOf": kinds, "description": "What a member does. Others' acts are the operator's: `rochdale act`." });
    all.insert("Act".to_owned(), act);
    all
}

impl Form {
    fn schema(self) -> Value {
        let mut fields =
            vec![("act", json!({ "const": self.act })), ("member", text("a pseudonym, or a name that is known"))];
        fields.extend(self.fields);
        let mut optional = vec![("key", text("as the `Idempotency-Key` header"))];
        optional.extend(self.optional);
        let mut schema = with_optional(&fields, &optional);
        if let Some(schema) = schema.as_object_mut() {
            schema.insert("examples".to_owned(), json!([self.example]));
        }
        schema
    }
}

// flat: one table of acts.
fn forms() -> Vec<Form> {
    let decision = || ("decision", text("its name"));
    let share = || ("share_ppm", whole("parts per million of the member's weight; 0 takes it back"));
    let against = || ("against", json!({ "type": "boolean", "description": "against instead of for" }));
    let scores = json!({ "oneOf": [
        { "type": "object", "additionalProperties": whole("millionths of a full score"), "description": "on an election: candidate and score" },
        { "type": "null" },
    ] });
    let document = || text("SHA-256 of its text, hex");
    let member = "m_50ncfy310vdka";
    let hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    vec![
        Form {
            act: "cast_ballot",
            fields: vec![decision(), share()],
            optional: vec![
                ("item", json!({ "type": ["string", "null"], "description": "on a ranking" })),
                ("scores", scores),
                against(),
            ],
            example: json!({ "act": "cast_ballot", "member": member, "decision": "issues", "item": "220", "share_ppm": 50_000, "against": false }),
        },
        Form {
            act: "nominate",
            fields: vec![decision(), ("candidate", text("a nominee")), share()],
            optional: vec![against()],
            example: json!({ "act": "nominate", "member": member, "decision": "maintainer", "candidate": member, "share_ppm": 20_000 }),
        },
        Form {
            act: "stand",
            fields: vec![decision()],
            optional: Vec::new(),
            example: json!({ "act": "stand", "member": member, "decision": "maintainer" }),
        },
        Form {
            act: "propose_document",
            fields: vec![decision()],
            optional: vec![
                ("text", text("the text: at most 1,048,576 bytes of rules, or 65,536 of another document")),
                ("document", text("instead of a text that is kept already: its SHA-256, hex")),
            ],
            example: json!({ "act": "propose_document", "member": member, "decision": "code-of-conduct", "text": "# Be kind" }),
        },
        Form {
            act: "assent",
            fields: vec![
                ("document", document()),
                ("assent", json!({ "type": "boolean", "description": "`false` takes it back" })),
            ],
            optional: Vec::new(),
            example: json!({ "act": "assent", "member": member, "document": hash, "assent": true }),
        },
        Form {
            act: "announce_fork",
            fields: vec![("fork", text("its name"))],
            optional: vec![
                ("kernel_text", text("the new co-op's kernel")),
                ("kernel", text("instead of a text that is kept already: its SHA-256, hex")),
                ("constitution_text", text("the new co-op's constitution")),
                ("constitution", text("instead of a text that is kept already: its SHA-256, hex")),
            ],
            example: json!({ "act": "announce_fork", "member": member, "fork": "other", "kernel": hash, "constitution": hash }),
        },
        Form {
            act: "join_fork",
            fields: vec![
                ("fork", text("its name")),
                ("going", json!({ "type": "boolean", "description": "`false`: stays after all" })),
            ],
            optional: Vec::new(),
            example: json!({ "act": "join_fork", "member": member, "fork": "other", "going": true }),
        },
        Form {
            act: "withdraw_candidacy",
            fields: vec![decision()],
            optional: vec![("document", document())],
            example: json!({ "act": "withdraw_candidacy", "member": member, "decision": "maintainer" }),
        },
        Form {
            act: "resign_seat",
            fields: vec![decision()],
            optional: Vec::new(),
            example: json!({ "act": "resign_seat", "member": member, "decision": "maintainer" }),
        },
        Form {
            act: "end_membership",
            fields: Vec::new(),
            optional: Vec::new(),
            example: json!({ "act": "end_membership", "member": member }),
        },
    ]
}

/// An object with these fields; the second ones may be left out.
fn with_optional(fields: &[(&str, Value)], optional: &[(&str, Value)]) -> Value {
    let required: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
    let all = fields.iter().chain(optional);
    let properties: Map<String, Value> = all.map(|(name, schema)| ((*name).to_owned(), schema.clone())).collect();
    json!({ "type": "object", "properties": properties, "required": required })
}

fn text(meaning: &str) -> Value {
    json!({ "type": "string", "description": meaning })
}

fn whole(meaning: &str) -> Value {
    json!({ "type": "integer", "description": meaning })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_is_an_act_that_members_do() {
        for form in forms() {
            let json = form.example.to_string();
            let line = host::decode_act(json.as_bytes(), &mut |_| None).unwrap();
            assert_eq!(line.act.kind(), form.act);
            assert!(line.act.own_member().is_some(), "{json}");
        }
    }

    #[test]
    fn every_act_that_members_do_is_described() {
        let described: Vec<&str> = forms().iter().map(|form| form.act).collect();
        for row in engine::Act::TABLE {
            assert_eq!(described.contains(&row.kind), row.is_own(), "{}", row.kind);
        }
    }
}
