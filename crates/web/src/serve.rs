//! Listening: requests answered until told to stop, and due updates run meanwhile.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;

use crate::app::App;
use crate::connection::{self, Limits};
use crate::founding::{FirstRun, first_run_router};
use crate::routes::router;

/// How often the server looks whether an update is due.
const LOOK: Duration = Duration::from_secs(1);

/// Serves until `stop` is done; requests under way are finished.
///
/// # Errors
/// Those of the listener.
pub async fn serve(
    listener: TcpListener,
    app: App,
    limits: Limits,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let app = app.within(&limits);
    let routes = router(app.clone());
    answer(listener, routes, limits, move || Some(app.clone()), stop).await
}

/// Serves the page where a co-op is founded, and from then on the co-op.
///
/// # Errors
/// Those of the listener.
pub async fn serve_first_run(
    listener: TcpListener,
    first: Arc<FirstRun>,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let routes = first_run_router(Arc::clone(&first));
    let limits = first.limits().clone();
    answer(listener, routes, limits, move || first.opened(), stop).await
}

async fn answer(
    listener: TcpListener,
    routes: Router,
    limits: Limits,
    opened: impl Fn() -> Option<App> + Send + Sync + 'static,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let opened = Arc::new(opened);
    let opened_too = Arc::clone(&opened);
    let updates = tokio::spawn(async move {
        let mut warned = None;
        let mut beat = tokio::time::interval(LOOK);
        beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            beat.tick().await;
            if let Some(app) = opened() {
                keep_up(app.clone()).await;
                warn_once(&mut warned, app.warning());
            }
        }
    });
    let letters = tokio::spawn(async move {
        let mut beat = tokio::time::interval(LOOK);
        beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            beat.tick().await;
            if let Some(app) = opened_too() {
                send_letters(app).await;
            }
        }
    });
    let served = connection::answer(listener, routes, &limits, stop).await;
    updates.abort();
    letters.abort();
    served
}

/// Says a warning once in the operator's log, however long it lasts.
fn warn_once(warned: &mut Option<String>, warning: Option<String>) {
    if let Some(words) = warning.as_deref().filter(|_| *warned != warning) {
        tracing::warn!("{words}");
    }
    *warned = warning;
}

/// Sends letters that are due, apart from updates: a server of mail may be slow.
async fn send_letters(app: App) {
    let Some(post) = app.post.clone() else { return };
    let sent = tokio::task::spawn_blocking(move || post.carry(&app.coop, host::clock::now())).await;
    match sent {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(%error, "letters wait"),
        Err(fault) => tracing::error!(%fault, "sending letters ended badly"),
    }
}

/// Runs what is due, and writes down what sessions did. A snapshot is stored meanwhile, when it is time.
async fn keep_up(app: App) {
    let coop = Arc::clone(&app.coop);
    drop(tokio::task::spawn_blocking(move || {
        if let Err(error) = coop.store_snapshot() {
            tracing::warn!(%error, "no snapshot was stored: the next start takes longer");
        }
    }));
    let work = move || {
        let ran = app.coop.run_due();
        if let Some(sessions) = &app.sessions {
            // Said already or by the warning, and tried again at the next beat.
            let _ = sessions.save();
            let _ = app.tries.save(&app.coop, host::clock::now());
        }
        let _ = app.uses.save(&app.coop);
        app.sweep.look(&app.coop);
        ran
    };
    match tokio::task::spawn_blocking(work).await {
        Ok(Ok(_)) => {}
        Ok(Err(error)) => tracing::error!(%error, "an update that is due was not run"),
        Err(fault) => tracing::error!(%fault, "an update ended badly"),
    }
}
