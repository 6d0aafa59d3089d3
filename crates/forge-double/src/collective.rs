//! An account at Open Collective: the one question of `graphql/v2` that a bridge asks. It refuses fields and arguments that the real
//! schema does not have.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::call::Call;

/// The path of the interface, as the site's own pages hand calls on to it.
pub const PATH: &str = "/api/graphql/v2";
/// The words that a question may be made of. Source: `schemaV2.graphql`.
const WORDS: &str = "query Transactions slug String limit Int offset dateFrom DateTime account id name currency transactions includeDebts true orderBy field CREATED_AT direction ASC totalCount nodes legacyId type kind createdAt clearedAt isRefund description dynamic amountInHostCurrency valueInCents netAmountInHostCurrency paymentProcessorFee taxAmount oppositeAccount legalName order frequency refundTransaction";

/// An account with its transactions, in no order.
#[derive(Clone, Debug, Default)]
pub struct Collective {
    /// Its short name.
    pub slug: String,
    /// Its currency.
    pub currency: String,
    /// The token that may read it; empty for anybody.
    pub token: String,
    /// Transactions as the interface gives them.
    pub transactions: Vec<Value>,
    /// The most on a page, whatever is asked for.
    pub most: usize,
}

impl Collective {
    /// An account without transactions, in US dollars, which anybody may read.
    #[must_use]
    pub fn new(slug: &str) -> Collective {
        let (slug, currency) = (slug.to_owned(), "USD".to_owned());
        Collective { slug, currency, token: String::new(), transactions: Vec::new(), most: 10_000 }
    }

    /// Somebody gives: the number makes the id, and the instant is when the site writes it. `kind` and `frequency` are the site's words.
    pub fn gift(&mut self, number: u32, who: &str, cents: i64, frequency: &str, at: &str) {
        let order = json!({ "frequency": frequency });
        self.put(number, ("CREDIT", "CONTRIBUTION"), who, cents, at, json!({ "order": order }));
    }

    /// The site takes a gift back.
    pub fn refund(&mut self, number: u32, of: u32, who: &str, cents: i64, at: &str) {
        let more = json!({ "isRefund": true, "refundTransaction": { "id": id(of), "legacyId": of } });
        self.put(number, ("DEBIT", "CONTRIBUTION"), who, -cents, at, more);
    }

    /// The account pays an expense.
    pub fn expense(&mut self, number: u32, who: &str, cents: i64, at: &str) {
        self.put(number, ("DEBIT", "EXPENSE"), who, -cents, at, json!({}));
    }

    fn put(&mut self, number: u32, (side, kind): (&str, &str), who: &str, cents: i64, at: &str, more: Value) {
        let money = |cents: i64| json!({ "valueInCents": cents, "currency": self.currency });
        let mut node = json!({
            "id": id(number), "legacyId": number, "type": side, "kind": kind, "createdAt": at, "clearedAt": null,
            "isRefund": false, "description": format!("Contribution from {who}"), "amountInHostCurrency": money(cents),
            "netAmountInHostCurrency": money(cents), "paymentProcessorFee": money(0), "taxAmount": money(0),
            "oppositeAccount": { "id": format!("acc-{who}"), "slug": who, "name": who, "legalName": null },
            "order": null, "refundTransaction": null,
        });
        for (name, value) in more.as_object().into_iter().flatten() {
            if let Some(field) = node.get_mut(name) {
                *field = value.clone();
            }
        }
        self.transactions.push(node);
    }
}

/// The id of a transaction of that number.
#[must_use]
pub fn id(number: u32) -> String {
    format!("{number:08x}-0000-4000-8000-00000000000a")
}

/// Answers a call.
pub fn answer(account: &Collective, call: &Call) -> Answer {
    let refused = |code: &str, words: &str| {
        Answer::json(200, &json!({ "errors": [{ "message": words, "extensions": { "code": code } }], "data": null }))
    };
    let asked = call.fields().unwrap_or_default();
    let (query, variables) = (asked.get("query").and_then(Value::as_str), asked.get("variables"));
    let (Some(query), Some(variables)) = (query, variables) else {
        return Answer::json(400, &json!({ "errors": [{ "message": "Must provide query string." }] }));
    };
    let word = |byte: char| byte.is_ascii_alphanumeric() || byte == '_';
    let known: Vec<&str> = WORDS.split(' ').collect();
    if let Some(odd) = query.split(|byte| !word(byte)).find(|part| !part.is_empty() && !known.contains(part)) {
        let words = format!("Cannot query field \"{odd}\" on type \"Transaction\".");
        return Answer::json(
            400,
            &json!({ "errors": [{ "message": words, "extensions": { "code": "GRAPHQL_VALIDATION_FAILED" } }] }),
        );
    }
    if !account.token.is_empty() && call.header("personal-token") != Some(account.token.as_str()) {
        return match call.header("personal-token") {
            Some(_) => Answer::json(401, &json!({ "error": { "message": "Invalid personal token" } })),
            None => refused("Forbidden", "You cannot see this account"),
        };
    }
    let number =
        |name: &str| variables.get(name).and_then(Value::as_u64).and_then(|number| usize::try_from(number).ok());
    let (Some(limit), Some(offset)) = (number("limit"), number("offset")) else {
        return refused("BAD_USER_INPUT", "Variable \"$limit\" of required type \"Int!\" was not provided.");
    };
    if variables.get("slug").and_then(Value::as_str) != Some(account.slug.as_str()) {
        return refused("NotFound", "Account Not Found");
    }
    let instant = |value: Option<&Value>| value.and_then(Value::as_str).and_then(|text| text.parse::<Timestamp>().ok());
    let since = variables.get("dateFrom").filter(|since| !since.is_null());
    if since.is_some() && instant(since).is_none() {
        return refused("BAD_USER_INPUT", "Variable \"$dateFrom\" got invalid value");
    }
    let created = |node: &Value| instant(node.get("createdAt")).unwrap_or_default();
    let mut found: Vec<&Value> =
        account.transactions.iter().filter(|node| instant(since).is_none_or(|since| created(node) >= since)).collect();
    // Within ten seconds the site orders by other things than the time.
    found.sort_by_key(|node| {
        (created(node).as_second() / 10, node.get("id").and_then(Value::as_str).map(str::to_owned))
    });
    let total = found.len();
    let nodes: Vec<&Value> = found.into_iter().skip(offset).take(limit.min(account.most)).collect();
    let about = json!({ "id": "acc-own", "slug": account.slug, "name": account.slug, "currency": account.currency });
    Answer::json(200, &json!({ "data": { "account": about, "transactions": { "totalCount": total, "nodes": nodes } } }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(account: &Collective, token: &str, query: &str, variables: &Value) -> Answer {
        let mut call = Call::new("POST", PATH, "", &json!({ "query": query, "variables": variables }));
        if !token.is_empty() {
            call.headers.push(("personal-token".to_owned(), token.to_owned()));
        }
        answer(account, &call)
    }

    #[test]
    fn it_answers_what_is_asked_and_refuses_what_the_site_refuses() {
        let mut account = Collective::new("our-coop");
        account.gift(2, "member-001", 500, "MONTHLY", "2026-01-02T00:00:01.500Z");
        account.gift(1, "member-002", 700, "ONETIME", "2026-01-02T00:00:09Z");
        account.refund(3, 1, "member-002", 700, "2026-01-03T00:00:00Z");
        let query = "query Transactions { transactions { nodes { id } } }";
        let all = json!({ "slug": "our-coop", "limit": 2, "offset": 0 });
        let list = ask(&account, "", query, &all).value()["data"]["transactions"].clone();
        assert_eq!((&list["totalCount"], list["nodes"].as_array().unwrap().len()), (&json!(3), 2));
        assert_eq!(list["nodes"][0]["id"], id(1), "within ten seconds the id decides");
        let since = json!({ "slug": "our-coop", "limit": 9, "offset": 0, "dateFrom": "2026-01-02T00:00:05Z" });
        assert_eq!(ask(&account, "", query, &since).value()["data"]["transactions"]["totalCount"], 2);
        let code = |answer: Answer| answer.value()["errors"][0]["extensions"]["code"].as_str().map(str::to_owned);
        assert_eq!(
            code(ask(&account, "", query, &json!({ "slug": "other", "limit": 1, "offset": 0 }))).unwrap(),
            "NotFound"
        );
        assert_eq!(code(ask(&account, "", query, &json!({ "slug": "our-coop" }))).unwrap(), "BAD_USER_INPUT");
        assert_eq!(ask(&account, "", "query { gold }", &all).status, 400);
        account.token = "fixture-token".to_owned();
        assert_eq!(code(ask(&account, "", query, &all)).unwrap(), "Forbidden");
        assert_eq!(ask(&account, "another", query, &all).status, 401);
        assert_eq!(ask(&account, "fixture-token", query, &all).value()["data"]["transactions"]["totalCount"], 3);
    }
}
