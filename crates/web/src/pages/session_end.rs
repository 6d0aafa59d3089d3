//! Signing out: the session ends here and on storage, whatever the browser does with its cookie.

use super::see;
use crate::app::{App, aside};
use crate::trouble::Trouble;
use axum::extract::{Request, State};
use axum::http::header::SET_COOKIE;
use axum::response::Response;

pub(crate) async fn end(State(app): State<App>, request: Request) -> Result<Response, Trouble> {
    let (_, sessions) = app.house()?;
    let (parts, _) = request.into_parts();
    let cookie = sessions.end(&parts);
    aside(move || sessions.save()).await?;
    let mut response = see("/?done=signed-out");
    if let Ok(cookie) = cookie.parse() {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    Ok(response)
}
