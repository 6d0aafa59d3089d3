//! A member's tokens: made and shown once, listed with their last use, ended by one press. The right to each use is asked at
//! its use (`bearer`).

pub(crate) mod bearer;

use crate::form::{Fields, value, values};
use crate::frame::{Asked, Frame, render, see};
use crate::sign_in::prove::prove_first;
use crate::trouble::Trouble;
use crate::visit::Visitor;
use crate::way::{fresh, note_changed};
use askama::Template;
use axum::Form;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use host::clock;
use host::gate::{Fresh, MOST_TOKEN_DAYS, NoToken, Scopes, TOKEN_DAYS, Token, What};
use host::inbox::Kinds;
use quantity::Moment;

#[derive(Template)]
#[template(path = "token/list.html")]
struct TokensPage {
    frame: Frame,
    tokens: Vec<TokenRow>,
    /// Whether the reader may record, so that a token of theirs may.
    may_record: bool,
    kinds: Vec<&'static str>,
    /// The token that was just made, with its name.
    made: Option<(String, String)>,
    typed: Fields,
    problem: Option<String>,
}

/// A token in the list of its giver.
struct TokenRow {
    id: String,
    name: String,
    may: String,
    used: Option<views::Moment>,
    until: views::Moment,
}

/// As many letters of a hash name a token.
const ID_LETTERS: usize = 16;

pub(crate) async fn show(visitor: Visitor, Query(asked): Query<Asked>) -> Result<Html<String>, Trouble> {
    render(&page(&visitor, asked.done.as_deref())?)
}

/// Makes a token and shows it, once. It stands in no address.
pub(crate) async fn make(visitor: Visitor, Form(fields): Form<Fields>) -> Result<Response, Trouble> {
    visitor.app.invited_sessions()?;
    let Some(fresh) = fresh(&visitor)? else { return Ok(prove_first("/tokens")) };
    let made = match asked_for(&visitor, &fields) {
        Ok((name, scopes, days)) => write(&visitor, fresh, name, scopes, days).await?,
        Err(Trouble::BadInput(problems)) => Err(problems.into_iter().map(|problem| problem.words).collect()),
        Err(trouble) => return Err(trouble),
    };
    let shown = page(&visitor, None)?;
    match made {
        Ok(secret) => {
            let made = Some((value(&fields, "name").to_owned(), secret));
            Ok(render(&TokensPage { made, ..shown })?.into_response())
        }
        Err(problem) => {
            let page = TokensPage { typed: fields, problem: Some(problem), ..shown };
            Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&page)?).into_response())
        }
    }
}

/// The token's name, what it is for, and for how many days.
fn asked_for(visitor: &Visitor, fields: &Fields) -> Result<(String, Scopes, u32), Trouble> {
    let checked = |name: &str| value(fields, name) == "yes";
    let record = match checked("record") {
        false => None,
        true => {
            visitor.recorder()?;
            let kinds = values(fields, "kind").join(",");
            Some(Kinds::parse(&kinds).map_err(|why| Trouble::bad("kind", why))?)
        }
    };
    let days = value(fields, "days").trim().parse::<u32>().ok().filter(|days| (1..=MOST_TOKEN_DAYS).contains(days));
    let days = days.ok_or_else(|| Trouble::bad("days", words::token::days(MOST_TOKEN_DAYS)))?;
    let scopes = Scopes { read: checked("read"), act: checked("act"), record };
    Ok((value(fields, "name").to_owned(), scopes, days))
}

async fn write(
    visitor: &Visitor,
    fresh: Fresh,
    name: String,
    scopes: Scopes,
    days: u32,
) -> Result<Result<String, String>, Trouble> {
    let (me, now) = (fresh.member(), clock::now());
    let made = visitor.write(move |batch| match batch.make_token(&name, Some(me), scopes, days, now) {
        Ok(secret) => {
            batch.note_change(me, What::Added, "token", now)?;
            Ok(Ok(secret))
        }
        Err(NoToken::Asked(words)) => Ok(Err(words)),
        Err(NoToken::Failed(error)) => Err(error.into()),
    });
    let made = made.await?;
    if made.is_ok() {
        note_changed(visitor, me)?;
    }
    Ok(made)
}

/// Ends one of the reader's tokens.
pub(crate) async fn end(visitor: Visitor, Form(fields): Form<Fields>) -> Result<Response, Trouble> {
    visitor.app.invited_sessions()?;
    let (me, now) = (visitor.me()?, clock::now());
    let id = value(&fields, "token").to_owned();
    let ended = visitor.write(move |batch| Ok(batch.end_token(&id, Some(me), now)?)).await?;
    match ended {
        Some(_) => Ok(see("/tokens?done=token-ended")),
        None => Err(Trouble::Absent),
    }
}

fn page(visitor: &Visitor, done: Option<&str>) -> Result<TokensPage, Trouble> {
    visitor.app.invited_sessions()?;
    let me = visitor.me()?;
    let may_record = visitor.recorder().is_ok();
    visitor.see(|sight, coop| {
        let now = clock::now();
        let mut own = coop.tokens()?;
        own.retain(|(_, token)| token.member == Some(me) && token.is_open(now));
        own.sort_by_key(|(_, token)| std::cmp::Reverse(token.made_us));
        let tokens = own.into_iter().map(|(hash, token)| row(sight, &hash, token)).collect();
        let days = ("days".to_owned(), TOKEN_DAYS.to_string());
        Ok(TokensPage {
            frame: visitor.frame(sight, "me", "/tokens", done),
            tokens,
            may_record,
            kinds: Kinds::names(),
            made: None,
            typed: vec![days],
            problem: None,
        })
    })
}

fn row(sight: &views::Sight<'_>, hash: &str, token: Token) -> TokenRow {
    let record = token.scopes.record.as_ref().map(|kinds| words::token::records(kinds.words()));
    let own = [(token.scopes.read, words::token::READS), (token.scopes.act, words::token::ACTS)];
    let own = own.into_iter().filter(|(may, _)| *may).map(|(_, words)| words.to_owned());
    TokenRow {
        id: hash.chars().take(ID_LETTERS).collect(),
        name: token.name,
        may: own.chain(record).collect::<Vec<_>>().join(", "),
        used: token.used_us.map(|used| sight.moment(Moment(used))),
        until: sight.moment(Moment(token.until_us)),
    }
}

impl TokensPage {
    fn typed(&self, field: &str) -> &str {
        value(&self.typed, field)
    }

    fn has(&self, field: &str, wanted: &str) -> bool {
        self.typed.iter().any(|(name, value)| name == field && value == wanted)
    }
}
