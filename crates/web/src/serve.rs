//! Listening: requests answered until told to stop, and due updates run meanwhile.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;

use crate::app::App;
use crate::hosted::HostDesk;
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
    desk: Arc<HostDesk>,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let updates = tokio::spawn(async move {
        let mut beat = tokio::time::interval(LOOK);
        beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            beat.tick().await;
            let desk = Arc::clone(&desk);
            match tokio::task::spawn_blocking(move || desk.run_due()).await {
                Ok(Ok(_)) => {}
                Ok(Err(error)) => tracing::error!(%error, "an update that is due was not run"),
                Err(fault) => tracing::error!(%fault, "an update ended badly"),
            }
        }
    });
    let served = axum::serve(listener, router(app))
        .with_graceful_shutdown(stop)
        .await;
    updates.abort();
    served
}
