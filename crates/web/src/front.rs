//! How the world outside reaches this server, as the operator said: the addresses at which it is, and the issuers whose word it takes.
//! And the questions that browsers were asked and are to answer.

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};

use axum::http::header::{CACHE_CONTROL, HOST, SET_COOKIE};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use host::gate::{Passkey, Questions, Ways};
use proof::issuer::{Issuers, List};
use proof::passkey::Party;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::app::App;
use crate::guard::is_loopback;
use crate::session::{Transport, cookie};
use crate::trouble::Trouble;
use crate::visit::Visitor;

/// A browser keeps its question for so long, seconds: none is good for longer.
const KEPT_S: u32 = 600;

/// The addresses and issuers of a server.
#[derive(Debug)]
pub struct Front {
    parties: Vec<Party>,
    /// The port of this machine's own address.
    port: OnceLock<u16>,
    pub(crate) issuers: Issuers,
    questions: Questions,
}

impl Front {
    /// A server that is at these addresses, and takes the word of these issuers.
    ///
    /// # Errors
    /// A machine without random numbers.
    pub fn new(parties: Vec<Party>, issuers: List) -> Result<Front, Trouble> {
        let (issuers, questions) = (Issuers::new(issuers), Questions::new()?);
        Ok(Front { parties, port: OnceLock::new(), issuers, questions })
    }

    /// Whether passkeys for a host open anything at one of these addresses.
    #[must_use]
    pub fn is_at(&self, host: &str) -> bool {
        let is_own = self.parties.is_empty() && self.port.get().is_some() && host == "localhost";
        is_own || self.parties.iter().any(|party| party.host() == host)
    }

    /// Notes the port of this machine's own address: where the operator named none, the server is at `localhost` there.
    pub fn listens_at(&self, address: SocketAddr) {
        if address.ip().is_loopback() {
            let _ = self.port.set(address.port());
        }
    }

    /// Finds the address that a browser names among those that the operator named: to the letter, but for capitals, which browsers do not
    /// keep.
    fn party(&self, transport: Transport, host: &str) -> Result<Party, Nowhere> {
        let scheme = if transport == Transport::Https { "https" } else { "http" };
        let origin = format!("{scheme}://{}", host.to_ascii_lowercase());
        let own = self.port.get().filter(|_| self.parties.is_empty() && transport == Transport::Plain);
        let own = own.and_then(|port| {
            let port = if *port == 80 { String::new() } else { format!(":{port}") };
            Party::of(&format!("http://localhost{port}")).ok()
        });
        let mut all = self.parties.iter().chain(&own);
        if let Some(party) = all.clone().find(|party| party.origin() == origin) {
            return Ok(party.clone());
        }
        let local = all.find(|party| party.host() == "localhost");
        Err(match (transport, local) {
            (Transport::Plain, Some(local)) if is_loopback(host) => Nowhere::Number(local.origin().to_owned()),
            (Transport::Plain, _) => Nowhere::Plain,
            (Transport::Https, _) => Nowhere::NotListed,
        })
    }
}

/// Where a browser is, as it says itself, and whether passkeys work there.
#[derive(Debug, Clone)]
pub(crate) struct Here {
    pub(crate) party: Result<Party, Nowhere>,
    /// The question that the browser was asked, sealed.
    pub(crate) question: Option<String>,
}

/// Why there are no passkeys where the browser is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Nowhere {
    /// The address is a machine's number; one of this server's that is none.
    Number(String),
    /// It is neither https nor `localhost`.
    Plain,
    /// The operator has not named it.
    NotListed,
}

impl Nowhere {
    /// The reason, in words.
    pub(crate) fn words(&self) -> &'static str {
        match self {
            Nowhere::Number(_) => words::passkey::NUMBER,
            Nowhere::Plain => words::passkey::PLAIN,
            Nowhere::NotListed => words::passkey::NOT_LISTED,
        }
    }

    /// The address to go to instead.
    pub(crate) fn instead(&self) -> Option<&str> {
        match self {
            Nowhere::Number(instead) => Some(instead),
            Nowhere::Plain | Nowhere::NotListed => None,
        }
    }
}

impl Here {
    #[cfg(test)]
    pub(crate) fn nowhere() -> Here {
        Here { party: Err(Nowhere::NotListed), question: None }
    }

    pub(crate) fn of(app: &App, parts: &Parts) -> Here {
        let host = parts.headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        let party = match &app.front {
            Some(front) => front.party(app.transport, host),
            None => Err(Nowhere::NotListed),
        };
        Here { party, question: cookie(parts, name(app.transport)).map(str::to_owned) }
    }
}

impl Here {
    /// Whether one of a member's passkeys is for where the browser is; or, where there are none, whether they have any.
    pub(crate) fn has_passkey(&self, ways: &Ways) -> bool {
        match &self.party {
            Ok(party) => ways.passkeys_for(party.host()).next().is_some(),
            Err(_) => ways.handle().is_some(),
        }
    }

    /// Whether a passkey opens nothing where the browser is.
    pub(crate) fn is_elsewhere(&self, passkey: &Passkey) -> bool {
        self.party.as_ref().is_ok_and(|party| party.host() != passkey.credential.host)
    }
}

/// The ways in that somebody else vouches for, as pages offer them.
#[derive(Debug, Default)]
pub(crate) struct Offer {
    /// Why there are no passkeys.
    pub(crate) nowhere: Option<Nowhere>,
    /// The names of issuers in addresses and on pages.
    pub(crate) issuers: Vec<(String, String)>,
}

/// Browsers take the name with `__Host-` over https only, for this host only, and no other host can set it.
fn name(transport: Transport) -> &'static str {
    match transport {
        Transport::Plain => "rochdale_question",
        Transport::Https => "__Host-rochdale_question",
    }
}

impl Visitor {
    /// The addresses and issuers; [`Trouble::Absent`] where nobody signs in.
    pub(crate) fn front(&self) -> Result<&Arc<Front>, Trouble> {
        self.app.invited_sessions()?;
        self.app.front.as_ref().ok_or(Trouble::Absent)
    }

    /// The ways in that somebody else vouches for, where the visitor's browser is.
    pub(crate) fn offer(&self) -> Offer {
        let issuers = self.app.front.iter().flat_map(|front| front.issuers.all());
        let issuers = issuers.map(|issuer| (issuer.name.clone(), issuer.title.clone())).collect();
        Offer { nowhere: self.here.party.clone().err(), issuers }
    }

    /// Has the browser keep a question of this use until it answers, beside an answer.
    pub(crate) fn asked(
        &self,
        usage: &str,
        question: &impl Serialize,
        answer: impl IntoResponse,
    ) -> Result<Response, Trouble> {
        let sealed = self.front()?.questions.sealed(self.app.coop.read().id(), usage, question)?;
        let secure = if self.app.transport == Transport::Https { "; Secure" } else { "" };
        let name = name(self.app.transport);
        let cookie = format!("{name}={sealed}; Path=/; HttpOnly; SameSite=Strict; Max-Age={KEPT_S}{secure}");
        Ok(([(SET_COOKIE, cookie), (CACHE_CONTROL, "no-store".to_owned())], answer).into_response())
    }

    /// The question of this use that the browser was asked.
    pub(crate) fn question<T: DeserializeOwned>(&self, usage: &str) -> Result<Option<T>, Trouble> {
        let sealed = self.here.question.as_deref();
        let coop = self.app.coop.read();
        Ok(sealed.and_then(|sealed| self.front().ok()?.questions.opened(coop.id(), usage, sealed)))
    }

    /// Notes that the browser's question was answered rightly; whether for the first time.
    pub(crate) fn answered(&self) -> Result<bool, Trouble> {
        let questions = &self.front()?.questions;
        Ok(self.here.question.as_deref().is_some_and(|sealed| questions.answer(sealed, host::clock::now())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passkeys_are_where_the_operator_says_and_nowhere_else() {
        let parties = ["https://coop.example", "https://b.example:8443", "http://localhost:1844"];
        let parties = parties.map(|origin| Party::of(origin).unwrap()).to_vec();
        let front = Front::new(parties, List::default()).unwrap();
        let found = |transport, host: &str| front.party(transport, host).map(|party| party.origin().to_owned());
        assert_eq!(found(Transport::Https, "Coop.example").as_deref(), Ok("https://coop.example"));
        assert_eq!(found(Transport::Https, "b.example:8443").as_deref(), Ok("https://b.example:8443"));
        assert_eq!(found(Transport::Plain, "localhost:1844").as_deref(), Ok("http://localhost:1844"));
        for host in ["b.example", "evil.example", "a.coop.example", "coop.example.", "coop.example:443", ""] {
            assert_eq!(found(Transport::Https, host), Err(Nowhere::NotListed), "{host}");
        }
        let number = || Err(Nowhere::Number("http://localhost:1844".to_owned()));
        assert_eq!(found(Transport::Plain, "127.0.0.1:1844"), number());
        assert_eq!(found(Transport::Plain, "[::1]:1844"), number());
        assert_eq!(found(Transport::Plain, "coop.example"), Err(Nowhere::Plain));
    }

    #[test]
    fn a_server_whose_address_nobody_named_is_at_localhost_where_it_listens() {
        let front = Front::new(Vec::new(), List::default()).unwrap();
        let found =
            |front: &Front, transport, host: &str| front.party(transport, host).map(|party| party.origin().to_owned());
        assert_eq!(found(&front, Transport::Plain, "localhost:1844"), Err(Nowhere::Plain));
        front.listens_at("127.0.0.1:1844".parse().unwrap());
        assert_eq!(found(&front, Transport::Plain, "localhost:1844").as_deref(), Ok("http://localhost:1844"));
        assert_eq!(
            found(&front, Transport::Plain, "localhost:1845"),
            Err(Nowhere::Number("http://localhost:1844".to_owned()))
        );
        assert_eq!(found(&front, Transport::Https, "localhost:1844"), Err(Nowhere::NotListed));
        let front = Front::new(Vec::new(), List::default()).unwrap();
        front.listens_at("10.0.0.7:1844".parse().unwrap());
        assert_eq!(found(&front, Transport::Plain, "localhost:1844"), Err(Nowhere::Plain));
    }
}
