//! Open Collective's GraphQL interface (`graphql/v2`): the question for one page of an account's transactions, and the answer's bytes as
//! facts. Each transaction is read as a row of the CSV, so that one of both has one id. It calls nothing and keeps no cursor.
//! Source: `schemaV2.graphql` and the export of `opencollective-rest`, which makes the CSV of the same fields.

use quantity::Moment;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{
    AMOUNT, CURRENCY, DATETIME, DESCRIPTION, EFFECTIVE_DATE, FEE, FREQUENCY, IMPORTER, IS_REFUND, KIND, LONG_ID,
    LONG_REFUND_ID, NET_AMOUNT, OTHER_NAME, OTHER_SLUG, SERIAL_ID, SERIAL_REFUND_ID, SHORT_ID, SHORT_ID_LENGTH,
    SHORT_REFUND_ID, TAX, TYPE, call::NotRead, read as read_row,
};
use crate::table::Row;
use crate::text::cleaned;
use crate::{Fact, Note, What};

/// The most transactions of one page.
pub const MOST_ON_PAGE: u32 = 500;
/// The longest name of an account, letters.
const LONGEST_NAME: usize = 100;
/// The longest words of a refusal that are shown, letters.
const LONGEST_WORDS: usize = 200;
/// Microseconds of a second, of which the CSV has no parts.
const SECOND_US: i64 = 1_000_000;

/// The fields that the CSV is made of, and no more.
const QUERY: &str = "query Transactions($slug: String!, $limit: Int!, $offset: Int!, $dateFrom: DateTime) {
  account(slug: $slug) { id slug name currency }
  transactions(
    account: [{ slug: $slug }], limit: $limit, offset: $offset, dateFrom: $dateFrom, includeDebts: true,
    orderBy: { field: CREATED_AT, direction: ASC }
  ) {
    totalCount
    nodes {
      id legacyId type kind createdAt clearedAt isRefund description(dynamic: true)
      amountInHostCurrency { valueInCents currency }
      netAmountInHostCurrency { valueInCents }
      paymentProcessorFee { valueInCents }
      taxAmount { valueInCents currency }
      oppositeAccount { id slug name legalName }
      order { frequency }
      refundTransaction { id legacyId }
    }
  }
}";

/// The account whose transactions were asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its short name.
    pub slug: String,
    /// Its name, cleaned.
    pub name: String,
    /// Its currency's code.
    pub currency: String,
}

/// One transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// Its id there.
    pub id: String,
    /// When it was written there, by the site's clock: transactions are listed by it.
    pub created: Moment,
    /// A hash of all that was said of it: another one means that it was changed.
    pub mark: String,
    /// Its facts, as the CSV gives them.
    pub facts: Vec<Fact>,
    /// Nothing says how often a gift comes.
    pub how_often_unsaid: bool,
    /// The reason why it cannot be read; it has no facts then.
    pub odd: Option<String>,
}

/// One page of transactions, the oldest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The account.
    pub account: Account,
    /// How many transactions were asked about in all: those since the date.
    pub total: u64,
    /// How many the page has, with those that have no id.
    pub count: u32,
    /// Those that have an id and a date.
    pub transfers: Vec<Transfer>,
}

/// Returns the body of the question.
pub(super) fn question(slug: &str, since: Option<Moment>, offset: u32, limit: u32) -> Value {
    let since = since.map(|at| at.to_string());
    let variables = json!({ "slug": slug, "limit": limit.min(MOST_ON_PAGE), "offset": offset, "dateFrom": since });
    json!({ "query": QUERY, "variables": variables })
}

/// Reads the bytes of an answer.
///
/// # Errors
/// It refuses, in words, or is none.
pub(super) fn read(bytes: &[u8]) -> Result<Page, NotRead> {
    let answer: Value = serde_json::from_slice(bytes).map_err(|_| NotRead::Unread)?;
    if let Some(error) = answer.get("errors").and_then(|errors| errors.get(0)) {
        return Err(refused(error));
    }
    let data = answer.get("data").ok_or(NotRead::Unread)?;
    let account = data.get("account").filter(|account| !account.is_null()).ok_or(NotRead::NoAccount)?;
    let word = |name: &str| account.get(name).and_then(Value::as_str).map(|text| cleaned(text, LONGEST_NAME));
    let slug = word("slug").ok_or(NotRead::Unread)?;
    let name = word("name").filter(|name| !name.is_empty()).unwrap_or_else(|| slug.clone());
    let account = Account { name, currency: word("currency").unwrap_or_default(), slug };
    let list = data.get("transactions").ok_or(NotRead::Unread)?;
    let nodes = list.get("nodes").and_then(Value::as_array).ok_or(NotRead::Unread)?;
    if nodes.len() > MOST_ON_PAGE as usize {
        return Err(NotRead::Unread);
    }
    let total = list.get("totalCount").and_then(Value::as_u64).ok_or(NotRead::Unread)?;
    let count = u32::try_from(nodes.len()).unwrap_or(MOST_ON_PAGE);
    let transfers = (1..).zip(nodes).filter_map(|(line, node)| transfer(line, node)).collect();
    Ok(Page { account, total, count, transfers })
}

/// The site says in an error's code what it refuses.
fn refused(error: &Value) -> NotRead {
    let words = cleaned(error.get("message").and_then(Value::as_str).unwrap_or_default(), LONGEST_WORDS);
    let code = error.get("extensions").and_then(|extensions| extensions.get("code")).and_then(Value::as_str);
    match code {
        Some("NotFound") => NotRead::NoAccount,
        Some("Unauthorized" | "Forbidden" | "UNAUTHENTICATED" | "FORBIDDEN") => NotRead::Token(words),
        _ if words.to_ascii_lowercase().contains("rate limit") => NotRead::Limited(crate::forge::SHORTEST_WAIT),
        _ => NotRead::Refused(words),
    }
}

/// Reads one transaction; none without an id or a date, by which it could be known again.
fn transfer(line: u64, node: &Value) -> Option<Transfer> {
    let id = node.get("id").and_then(Value::as_str).filter(|id| (1..=LONGEST_NAME).contains(&id.len()))?.to_owned();
    let created = node.get("createdAt").and_then(Value::as_str).and_then(|text| Moment::parse(text).ok())?;
    let mark: String =
        Sha256::digest(node.to_string().as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let plain = Transfer { id, created, mark, facts: Vec::new(), how_often_unsaid: false, odd: None };
    let read = row(line, node, &plain).and_then(|row| read_row(&row).map_err(|wrong| wrong.why));
    Some(match read {
        Ok(mut read) => {
            // A slug can be given up and taken by somebody else; the account's id cannot.
            let own = node.get("oppositeAccount").and_then(|account| account.get("id")).and_then(Value::as_str);
            let own = own.filter(|id| is_id(id));
            for fact in &mut read.facts {
                if let What::Support { person, .. } = &mut fact.what {
                    person.id = own.map(str::to_owned);
                }
            }
            let how_often_unsaid = read.notes.contains(&Note::HowOftenUnsaid);
            Transfer { facts: read.facts, how_often_unsaid, ..plain }
        }
        Err(why) => Transfer { odd: Some(cleaned(&why, LONGEST_WORDS)), ..plain },
    })
}

fn is_id(id: &str) -> bool {
    (1..=LONGEST_NAME).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic() && byte != b':')
}

/// Writes a transaction as the row that the CSV would have of it.
fn row(line: u64, node: &Value, plain: &Transfer) -> Result<Row, String> {
    let text = |name: &str| node.get(name).and_then(Value::as_str).unwrap_or_default().trim().to_owned();
    let part = |name: &str, part: &str| node.get(name).and_then(|value| value.get(part));
    let within = |name: &str, field: &str| part(name, field).and_then(Value::as_str).unwrap_or_default().trim();
    let second = |at: Moment| Moment(at.0.saturating_sub(at.0.rem_euclid(SECOND_US))).to_string();
    let cleared = match node.get("clearedAt").and_then(Value::as_str) {
        None => String::new(),
        Some(text) => second(Moment::parse(text)?),
    };
    let money = |name: &'static str| match part(name, "valueInCents") {
        None | Some(Value::Null) => Ok(String::new()),
        Some(cents) => decimal(cents).ok_or_else(|| format!("`{name}` is no amount")),
    };
    // The tax is in the transaction's own currency. In another one it is a part of the difference to the net amount.
    let currency = within("amountInHostCurrency", "currency");
    let tax = if within("taxAmount", "currency") == currency { money("taxAmount")? } else { String::new() };
    let refunds = within("refundTransaction", "id");
    let short = |id: &str| id.get(..SHORT_ID_LENGTH).unwrap_or(id).to_owned();
    let serial = |value: Option<&Value>| value.and_then(Value::as_u64).map(|id| id.to_string()).unwrap_or_default();
    let is_refund = node.get("isRefund").and_then(Value::as_bool).unwrap_or(false);
    let mut texts: Vec<Option<String>> = vec![None; IMPORTER.columns.len()];
    for (column, text) in [
        (DATETIME, second(plain.created)),
        (EFFECTIVE_DATE, cleared),
        (SHORT_ID, short(&plain.id)),
        (LONG_ID, plain.id.clone()),
        (SERIAL_ID, serial(node.get("legacyId"))),
        (DESCRIPTION, text("description")),
        (TYPE, text("type")),
        (KIND, text("kind")),
        (IS_REFUND, if is_refund { "REFUND".to_owned() } else { String::new() }),
        (SHORT_REFUND_ID, short(refunds)),
        (LONG_REFUND_ID, refunds.to_owned()),
        (SERIAL_REFUND_ID, serial(part("refundTransaction", "legacyId"))),
        (AMOUNT, money("amountInHostCurrency")?),
        (FEE, money("paymentProcessorFee")?),
        (NET_AMOUNT, money("netAmountInHostCurrency")?),
        (CURRENCY, currency.to_owned()),
        (OTHER_SLUG, within("oppositeAccount", "slug").to_owned()),
        (OTHER_NAME, name(within("oppositeAccount", "name"), within("oppositeAccount", "legalName"))),
        (TAX, tax),
        (FREQUENCY, within("order", "frequency").to_owned()),
    ] {
        if let Some(place) = texts.get_mut(column) {
            *place = Some(text);
        }
    }
    Ok(Row::of_texts(line, texts))
}

/// The name as the export writes it: the legal one first, where an account has both.
fn name(name: &str, legal: &str) -> String {
    match (name, legal) {
        (name, legal) if !name.is_empty() && !legal.is_empty() && name != legal => format!("{legal} ({name})"),
        ("", legal) => legal.to_owned(),
        (name, _) => name.to_owned(),
    }
}

/// Writes hundredths as a decimal number. The site counts every currency in hundredths, also those without cents.
fn decimal(cents: &Value) -> Option<String> {
    let text = cents.as_number()?.to_string();
    let whole: i64 = text.strip_suffix(".0").unwrap_or(&text).parse().ok()?;
    let (sign, size) = (if whole < 0 { "-" } else { "" }, whole.unsigned_abs());
    let (units, rest) = (size / 100, size % 100);
    Some(match rest {
        0 => format!("{sign}{units}"),
        rest => format!("{sign}{units}.{rest:02}"),
    })
}

#[cfg(test)]
mod tests;
