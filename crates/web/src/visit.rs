//! A visit: who reads, and the co-op that they read and act in.

use crate::app::{App, Door, aside};
use crate::trouble::Trouble;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use engine::{Act, Actor, Pseudonym, intent};
use host::Coop;
use std::convert::Infallible;
use views::{PreviewView, Sight};

/// The sender of a request.
#[derive(Clone)]
pub(crate) struct Visitor {
    pub(crate) app: App,
    /// As whom they act, if as anybody.
    pub(crate) me: Option<Pseudonym>,
}

impl Visitor {
    pub(crate) fn of(app: &App, parts: &Parts) -> Self {
        let me = app.sessions.as_ref().and_then(|all| all.member(parts));
        Self { app: app.clone(), me }
    }

    pub(crate) fn me(&self) -> Result<Pseudonym, Trouble> {
        self.me.ok_or(Trouble::Nobody)
    }

    /// Looks at the newest committed state.
    pub(crate) fn see<T>(&self, look: impl FnOnce(&Sight<'_>, &Coop) -> Result<T, Trouble>) -> Result<T, Trouble> {
        let coop = self.app.coop.read()?;
        let now = self.app.coop.now().max(coop.state().time);
        let walk_in = self.app.door == Door::WalkIn;
        look(&Sight { me: self.me, walk_in, ..coop.sight(now) }, &coop)
    }

    /// Does what may wait for the disk, away from the threads that answer readers.
    pub(crate) async fn aside<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Visitor) -> Result<T, Trouble> + Send + 'static,
    ) -> Result<T, Trouble> {
        let visitor = self.clone();
        aside(move || work(&visitor)).await
    }

    /// Makes the acts of a wish and hands them in, all of them or none.
    pub(crate) async fn act(
        &self,
        wish: impl FnOnce(&Sight<'_>, Pseudonym) -> Result<Vec<Act>, Trouble> + Send + 'static,
    ) -> Result<(), Trouble> {
        let me = self.me()?;
        self.aside(move |visitor| {
            let acts = visitor.see(|sight, _| wish(sight, me))?;
            visitor.hand_in(me, &acts)
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

    fn hand_in(&self, me: Pseudonym, acts: &[Act]) -> Result<(), Trouble> {
        let actor = Actor::Member(me);
        if acts.len() > 1 {
            // Taking back half a batch means reading the log again: what would be refused is found on a copy first.
            self.see(|sight, _| Ok(intent::tried(sight.state, actor, acts, sight.now).map(|_| ())?))?;
        }
        let now = self.app.coop.now();
        let done =
            self.app.coop.write().all_or_nothing(|batch| {
                acts.iter().try_for_each(|act| batch.append(act, actor, "", "", now).map(|_| ()))
            });
        Ok(done?)
    }
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        Ok(Self::of(app, parts))
    }
}
