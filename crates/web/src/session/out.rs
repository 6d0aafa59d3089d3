//! Signing out: the session ends here and on storage, whatever the browser does with its cookie.

use crate::app::aside;
use crate::frame::see;
use crate::trouble::Trouble;
use crate::visit::Visitor;
use axum::extract::Request;
use axum::http::header::SET_COOKIE;
use axum::response::Response;
use std::sync::Arc;

pub(crate) async fn end(visitor: Visitor, request: Request) -> Result<Response, Trouble> {
    let sessions = Arc::clone(visitor.app.invited_sessions()?);
    let (parts, _) = request.into_parts();
    let cookie = sessions.end(&parts);
    aside(move || sessions.save()).await?;
    let mut response = see("/?done=signed-out");
    if let Ok(cookie) = cookie.parse() {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    Ok(response)
}
