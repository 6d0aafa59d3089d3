//! How a browser signs what a form does: it asks for the acts' bytes first, and hands the form in again with signatures over them.
//! Source: `docs/spec/devices.md`, *On pages*.

use axum::Json;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use engine::{Act, Pseudonym};
use host::{Snapshot, ToSign};
use quantity::Moment;
use rochdale_log::Signed;

use crate::trouble::Trouble;

/// Asks for what a form's acts would be, in place of doing them.
const ASK: &str = "rochdale-sign";
/// A signature over each of them, in their order, as entries have them, with a space between.
const SIGNED: &str = "rochdale-signed";
/// As many acts as one form makes at the most.
const MOST_SIGNED: usize = 64;

/// A request's word on signatures.
#[derive(Debug, Clone, Default)]
pub(crate) struct Signing {
    asks: bool,
    signed: Option<String>,
}

impl Signing {
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let signed = headers.get(SIGNED).and_then(|value| value.to_str().ok()).map(str::to_owned);
        Self { asks: headers.contains_key(ASK), signed }
    }

    /// The acts that are to be signed in place of doing them; nothing where nobody asks, or where no device could sign one of the acts.
    pub(crate) fn to_sign(
        &self,
        coop: &Snapshot,
        acts: &[Act],
        me: Pseudonym,
        now: Moment,
    ) -> Result<Option<Vec<ToSign>>, Trouble> {
        if !self.asks || acts.is_empty() || acts.len() > MOST_SIGNED {
            return Ok(None);
        }
        acts.iter().map(|act| Ok(coop.to_sign(act, me, now)?)).collect()
    }

    /// A signature for each of as many acts, or none for any.
    pub(crate) fn each(&self, acts: usize) -> Result<Vec<Option<Signed>>, Trouble> {
        let Some(text) = &self.signed else { return Ok(vec![None; acts]) };
        let read = text.split(' ').take(MOST_SIGNED).map(Signed::parse).collect::<Result<Vec<_>, _>>();
        let read = read.map_err(|bad| Trouble::bad(SIGNED, bad.to_string()))?;
        if read.len() != acts {
            return Err(Trouble::bad(SIGNED, words::device::other_acts(read.len(), acts)));
        }
        Ok(read.into_iter().map(Some).collect())
    }
}

/// Acts that a browser is to sign, as JSON.
pub(crate) fn answer(to_sign: &[ToSign]) -> Response {
    let body = serde_json::json!({ "to_sign": to_sign });
    ([("rochdale-to-sign", "yes")], Json(body)).into_response()
}
