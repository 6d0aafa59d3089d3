//! Acts that members can hand in, as JSON Schema with an example each: the bodies that the engine has, and the fields that a program
//! may write beside them.

use super::reference;
use engine::Act;
use engine::act::{
    AgreeToAct, AnnounceFork, AnswerApplication, AnswerClaim, AnswerHearing, AnswerJoin, AskPool, Assent, BringItem,
    CastBallot, ClaimSupport, ConfirmDevice, EndMembership, EnrolDevice, GiveToPool, JoinFork, Nominate,
    PauseMembership, PledgeOwn, PledgeToProject, ProposeAct, ProposeDocument, ProposeOption, RequestMoney, ResignSeat,
    ResumeMembership, RevokeDevice, SignOnly, Stand, StrikeCredit, TakeBackClaim, TakeBackItem, WithdrawCandidacy,
    WithdrawOption, WithdrawProject, WithdrawRequest,
};
use schemars::{JsonSchema as _, Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

/// The schemas of acts: `Act`, and one for each kind.
pub(super) fn schemas() -> Map<String, Value> {
    let mut all = Map::new();
    let mut kinds = Vec::new();
    let mut generator = SchemaGenerator::default();
    for (body, example) in known() {
        let kind = example["act"].as_str().unwrap_or_default().to_owned();
        let name = format!("act_{kind}");
        kinds.push(reference(&name));
        all.insert(name, handed_in(&kind, body(&mut generator), example));
    }
    let act = json!({ "oneOf": kinds, "description": words::api::A_MEMBERS_ACT });
    all.insert("Act".to_owned(), act);
    all
}

/// The schema of an act as it is handed in: with its kind and its key, and with a text in the place of its hash.
fn handed_in(kind: &str, body: Schema, example: Value) -> Value {
    let mut schema = body.to_value();
    let texts = Act::row_of(kind).map_or(&[][..], |row| row.texts);
    let mut required = vec!["act".to_owned()];
    let named = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    required.extend(named.filter(|name| !texts.iter().any(|(hash, _)| hash == name)).map(str::to_owned));
    schema["required"] = json!(required);
    let text = |meaning: &str| json!({ "type": "string", "description": meaning });
    let fields = &mut schema["properties"];
    fields["act"] = json!({ "const": kind });
    fields["member"] = text(words::api::PSEUDONYM_OR_NAME);
    fields["key"] = text(words::api::AS_THE_HEADER);
    fields["nonce"] = text(words::api::NONCE);
    if kind == "bring_item" {
        fields["title"] = text(words::api::TITLE_OF_ITEM);
    }
    for (hash, from) in texts {
        fields[*from] = text(words::api::TEXT);
        fields[*hash] = text(words::api::HASH);
    }
    schema["examples"] = json!([example]);
    schema
}

/// The schema of an act's body, and an example.
type Known = (fn(&mut SchemaGenerator) -> Schema, Value);

/// Every act that members do.
// flat: a row for each act.
fn known() -> Vec<Known> {
    let member = "m_50ncfy310vdka";
    let hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    vec![
        (
            CastBallot::json_schema,
            json!({ "act": "cast_ballot", "member": member, "decision": "issues", "item": "220", "share_ppm": 50_000, "against": false }),
        ),
        (
            ClaimSupport::json_schema,
            json!({ "act": "claim_support", "member": member, "kind": "hours", "amount": { "amount": 5400, "unit": "second" }, "given_on": "2025-12-29", "source": "sheet:7" }),
        ),
        (
            AnswerClaim::json_schema,
            json!({ "act": "answer_claim", "member": member, "number": 3, "yes": false, "reason": "other-amount" }),
        ),
        (TakeBackClaim::json_schema, json!({ "act": "take_back_claim", "member": member, "number": 3 })),
        (
            AnswerJoin::json_schema,
            json!({ "act": "answer_join", "member": member, "from": "m_04hmasw9nf6yy", "into": member, "yes": true }),
        ),
        (
            AnswerHearing::json_schema,
            json!({ "act": "answer_hearing", "member": member, "text": words::api::EXAMPLE_TEXT }),
        ),
        (PauseMembership::json_schema, json!({ "act": "pause_membership", "member": member })),
        (ResumeMembership::json_schema, json!({ "act": "resume_membership", "member": member })),
        (
            AnswerApplication::json_schema,
            json!({ "act": "answer_application", "member": member, "applicant": "m_04hmasw9nf6yy", "yes": true }),
        ),
        (
            PledgeOwn::json_schema,
            json!({ "act": "pledge_own", "member": member, "amount": { "amount": 500, "currency": "USD" } }),
        ),
        (
            BringItem::json_schema,
            json!({ "act": "bring_item", "member": member, "decision": "wishes", "item": "17", "title": words::api::EXAMPLE_TITLE }),
        ),
        (
            TakeBackItem::json_schema,
            json!({ "act": "take_back_item", "member": member, "decision": "wishes", "item": "17" }),
        ),
        (
            Nominate::json_schema,
            json!({ "act": "nominate", "member": member, "decision": "maintainer", "candidate": member, "share_ppm": 20_000 }),
        ),
        (Stand::json_schema, json!({ "act": "stand", "member": member, "decision": "maintainer" })),
        (
            ProposeDocument::json_schema,
            json!({ "act": "propose_document", "member": member, "decision": "code-of-conduct", "text": words::api::EXAMPLE_TEXT }),
        ),
        (
            ProposeOption::json_schema,
            json!({ "act": "propose_option", "member": member, "decision": "budget", "text": words::api::EXAMPLE_OPTION }),
        ),
        (
            RequestMoney::json_schema,
            json!({ "act": "request_money", "member": member, "decision": "grants", "amount": { "amount": 5_000, "currency": "USD" }, "text": words::api::EXAMPLE_REQUEST }),
        ),
        (
            WithdrawRequest::json_schema,
            json!({ "act": "withdraw_request", "member": member, "decision": "grants", "request": hash }),
        ),
        (
            AskPool::json_schema,
            json!({ "act": "ask_pool", "member": member, "decision": "commons", "goal": { "amount": 40_000, "currency": "USD" }, "text": words::api::EXAMPLE_PROJECT }),
        ),
        (
            WithdrawProject::json_schema,
            json!({ "act": "withdraw_project", "member": member, "decision": "commons", "project": hash }),
        ),
        (
            PledgeToProject::json_schema,
            json!({ "act": "pledge_to_project", "member": member, "decision": "commons", "project": hash, "amount": { "amount": 1_000, "currency": "USD" } }),
        ),
        (
            GiveToPool::json_schema,
            json!({ "act": "give_to_pool", "member": member, "decision": "commons", "amount": { "amount": 1_000, "currency": "USD" } }),
        ),
        (
            WithdrawOption::json_schema,
            json!({ "act": "withdraw_option", "member": member, "decision": "budget", "option": hash }),
        ),
        (
            StrikeCredit::json_schema,
            json!({ "act": "strike_credit", "member": member, "decision": "credit", "text": words::api::EXAMPLE_STRIKE, "contributions": hash, "credit": [{ "member": member, "micro": 1_772_280 }] }),
        ),
        (Assent::json_schema, json!({ "act": "assent", "member": member, "document": hash, "assent": true })),
        (
            AnnounceFork::json_schema,
            json!({ "act": "announce_fork", "member": member, "fork": "other", "kernel": hash, "constitution": hash }),
        ),
        (JoinFork::json_schema, json!({ "act": "join_fork", "member": member, "fork": "other", "going": true })),
        (
            WithdrawCandidacy::json_schema,
            json!({ "act": "withdraw_candidacy", "member": member, "decision": "maintainer" }),
        ),
        (ResignSeat::json_schema, json!({ "act": "resign_seat", "member": member, "decision": "maintainer" })),
        (
            ProposeAct::json_schema,
            json!({ "act": "propose_act", "member": member, "body": "council", "proposed": { "act": "add_to_list", "list": "worker-list", "member": member } }),
        ),
        (AgreeToAct::json_schema, json!({ "act": "agree_to_act", "member": member, "number": 3, "agree": true })),
        (EndMembership::json_schema, json!({ "act": "end_membership", "member": member })),
        (EnrolDevice::json_schema, json!({ "act": "enrol_device", "member": member, "public": hash })),
        (ConfirmDevice::json_schema, json!({ "act": "confirm_device", "member": member, "device": 12 })),
        (RevokeDevice::json_schema, json!({ "act": "revoke_device", "member": member, "device": 12 })),
        (SignOnly::json_schema, json!({ "act": "sign_only", "member": member, "on": true })),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_is_an_act_that_members_do() {
        for (_, example) in known() {
            let json = example.to_string();
            let line = host::decode_act(json.as_bytes(), &mut |_| None).unwrap();
            assert_eq!(line.act.kind(), example["act"]);
            assert!(line.act.own_member().is_some(), "{json}");
        }
    }

    #[test]
    fn every_act_that_members_do_is_described() {
        let known = known();
        for row in Act::TABLE {
            let described = known.iter().any(|(_, example)| example["act"] == row.kind);
            assert_eq!(described, row.is_own(), "{}", row.kind);
        }
    }
}
