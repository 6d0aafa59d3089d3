//! A visit: who reads, and the co-op that they read and act in.

use crate::app::{App, Door, answered, aside};
use crate::device::sign::Signing;
use crate::front::Here;
use crate::token::bearer::Bearer;
use crate::trouble::Trouble;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use engine::{Act, Actor, Pseudonym, intent};
use host::{Batch, Snapshot};
use std::convert::Infallible;
use std::sync::Arc;
use views::{PreviewView, Sight};

/// The sender of a request.
#[derive(Clone)]
pub(crate) struct Visitor {
    pub(crate) app: App,
    /// As whom they act, if as anybody.
    pub(crate) me: Option<Pseudonym>,
    /// The token by which a program came in, if it did.
    pub(crate) bearer: Option<Bearer>,
    /// The request's word on signatures.
    pub(crate) signing: Signing,
    /// The id of the browser's session, if it has one. No page and no log shows it.
    pub(crate) session: Option<Arc<str>>,
    /// Something about the reader's ways in changed elsewhere, and this browser has not seen it.
    pub(crate) untold: bool,
    /// Where the browser says that it is, and the question that it keeps.
    pub(crate) here: Here,
}

impl Visitor {
    pub(crate) fn of(app: &App, parts: &Parts) -> Self {
        let bearer = parts.extensions.get::<Bearer>().cloned();
        let here = Here::of(app, parts);
        // A token says all of who a program is; a cookie beside it says nothing.
        let signing = Signing::of(&parts.headers);
        if let Some(bearer) = bearer {
            let me = bearer.me(&parts.method, parts.uri.path());
            return Self { app: app.clone(), me, bearer: Some(bearer), session: None, untold: false, signing, here };
        }
        let found = app.sessions.as_ref().and_then(|all| Some((all, all.session(parts)?)));
        let untold = found.as_ref().is_some_and(|(all, (_, session))| all.is_untold(session));
        let (session, me) = found.map(|(_, (id, session))| (id, session.member)).unzip();
        Self { app: app.clone(), me, bearer: None, session, untold, signing, here }
    }

    /// The id of the browser's session, and its member; not of a program, which has none.
    pub(crate) fn session(&self) -> Result<(&str, Pseudonym), Trouble> {
        self.session.as_deref().zip(self.me).ok_or(Trouble::Nobody)
    }

    pub(crate) fn me(&self) -> Result<Pseudonym, Trouble> {
        self.me.ok_or(Trouble::Nobody)
    }

    /// Looks at the newest committed state.
    pub(crate) fn see<T>(&self, look: impl FnOnce(&Sight<'_>, &Snapshot) -> Result<T, Trouble>) -> Result<T, Trouble> {
        let present = self.app.coop.read();
        let now = self.app.coop.now().max(present.state().time);
        let walk_in = self.app.door == Door::WalkIn;
        look(&Sight { me: self.me, walk_in, ..present.sight(now) }, &present)
    }

    /// Writes all of `work` or nothing of it, and waits without holding a thread. Everybody who writes waits for it, so that it
    /// does no more than that.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Batch<'_>) -> Result<T, Trouble> + Send + 'static,
    ) -> Result<T, Trouble> {
        self.try_out(work).await?
    }

    /// As [`Visitor::write`], for work that says in its own words why it is undone.
    pub(crate) async fn try_out<T: Send + 'static, E: From<host::Error> + Send + 'static>(
        &self,
        work: impl FnOnce(&mut Batch<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<Result<T, E>, Trouble> {
        answered(|answer| self.app.coop.do_later(work, answer)).await
    }

    /// Does what takes a while, away from the threads that answer readers.
    pub(crate) async fn aside<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Visitor) -> Result<T, Trouble> + Send + 'static,
    ) -> Result<T, Trouble> {
        let visitor = self.clone();
        aside(move || work(&visitor)).await
    }

    /// Does what costs much in one of the few places that there are for it, so that it leaves room for everything else. The place
    /// is free again once the work is done, whoever still waits for it.
    pub(crate) async fn costly<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Visitor) -> Result<T, Trouble> + Send + 'static,
    ) -> Result<T, Trouble> {
        let places =
            if self.me.is_some() || self.bearer.is_some() { &self.app.costly_of_members } else { &self.app.costly };
        let place = Arc::clone(places).try_acquire_owned().map_err(|_| Trouble::Crowded)?;
        self.aside(move |visitor| {
            let done = work(visitor);
            drop(place);
            done
        })
        .await
    }

    /// Makes the acts of a wish and hands them in, all of them or none.
    pub(crate) async fn act(
        &self,
        wish: impl FnOnce(&Sight<'_>, Pseudonym) -> Result<Vec<Act>, Trouble> + Send + 'static,
    ) -> Result<(), Trouble> {
        let me = self.me()?;
        let acts = self.aside(move |visitor| visitor.see(|sight, _| wish(sight, me))).await?;
        if let Some(to_sign) = self.see(|_, coop| self.signing.to_sign(coop, &acts, me, self.app.coop.now()))? {
            return Err(Trouble::ToSign(to_sign));
        }
        let signed = self.signing.each(acts.len())?;
        let now = self.app.coop.now();
        self.write(move |batch| {
            for (act, signed) in acts.iter().zip(signed) {
                let actor = Actor::Member(me);
                match signed {
                    Some(signed) => batch.append_signed(act, actor, signed, "", now)?,
                    None => batch.append_once(act, actor, "", "", now)?,
                };
            }
            Ok(())
        })
        .await
    }

    /// The changes that the acts of a wish would make on the decisions that it names; nothing does.
    pub(crate) async fn ahead(
        &self,
        wish: impl FnOnce(&Sight<'_>, Pseudonym) -> Result<(Vec<Act>, Vec<String>), Trouble> + Send + 'static,
    ) -> Result<Vec<PreviewView>, Trouble> {
        let me = self.me()?;
        self.aside(move |visitor| {
            visitor.see(|sight, _| {
                let (acts, on) = wish(sight, me)?;
                let after = intent::tried(sight.state, Actor::Member(me), &acts, sight.now)?;
                let views = on.iter().map(|decision| views::preview_of(sight, &after, decision));
                views.collect::<Option<Vec<_>>>().ok_or(Trouble::Absent)
            })
        })
        .await
    }
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        Ok(Self::of(app, parts))
    }
}
