//! Every request passes these, and every response carries them: host check, refusal of cross-site acts, security headers.

use crate::app::{App, Door};
use crate::trouble::Trouble;
use axum::extract::{Request, State};
use axum::http::header::{
    AUTHORIZATION, CACHE_CONTROL, CONTENT_SECURITY_POLICY, COOKIE, HOST, HeaderName, ORIGIN, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, VARY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// No inline script, no inline style, nothing from elsewhere.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Pages use nothing of what browsers ask their readers for but passkeys, and no frame may ask for those.
const PERMISSIONS: &str = "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), display-capture=(), \
    encrypted-media=(), fullscreen=(), gamepad=(), geolocation=(), gyroscope=(), hid=(), idle-detection=(), \
    local-fonts=(), magnetometer=(), microphone=(), midi=(), payment=(), picture-in-picture=(), \
    publickey-credentials-create=(self), publickey-credentials-get=(self), screen-wake-lock=(), serial=(), usb=(), \
    xr-spatial-tracking=()";

pub(crate) const HEADERS: [(HeaderName, &str); 8] = [
    (CONTENT_SECURITY_POLICY, POLICY),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (X_FRAME_OPTIONS, "DENY"),
    (REFERRER_POLICY, "same-origin"),
    // Browsers heed it over TLS only, so that it does no harm on loopback.
    (STRICT_TRANSPORT_SECURITY, "max-age=63072000; includeSubDomains"),
    (HeaderName::from_static("permissions-policy"), PERMISSIONS),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// Puts the headers on every response, error pages among them.
pub(crate) async fn headers(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let private = request.headers().contains_key(COOKIE)
        || request.headers().contains_key(AUTHORIZATION)
        || [
            "/me",
            "/walk-in",
            "/sign-in",
            "/prove",
            "/mail",
            "/invitation",
            "/join",
            "/found",
            "/record",
            "/imports",
            "/sources",
            "/tokens",
            "/bridges",
            "/hooks",
            "/outbox",
            "/test-co-op",
            "/fetch",
        ]
        .iter()
        .any(|start| path.starts_with(start));
    let shown = Shown::of(path);
    let mut response = next.run(request).await;
    response = dressed(response);
    shown.loosen(response.headers_mut());
    let headers = response.headers_mut();
    if !headers.contains_key(CACHE_CONTROL) {
        let keep = if private { "no-store" } else { "no-cache" };
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(keep));
        headers.append(VARY, HeaderValue::from_static("cookie"));
    }
    response
}

/// Whether other people's pages may show an answer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    /// They may not.
    Here,
    /// As a picture.
    Picture,
    /// As a frame.
    Frame,
    /// Nobody may, not even this server's own: it is to be kept.
    Kept,
}

/// As [`POLICY`], and any page may frame it. It has no script, and no form.
const FRAMED: &str = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *; \
    sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox";
/// A picture is a picture, wherever it is opened.
const PICTURED: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";

impl Shown {
    fn of(path: &str) -> Shown {
        match path {
            path if path.starts_with("/badge/") => Shown::Picture,
            path if path.starts_with("/embed/") => Shown::Frame,
            path if path.starts_with("/fetch/") => Shown::Kept,
            path if path.starts_with("/releases/") && path.matches('/').count() == 4 => Shown::Kept,
            _ => Shown::Here,
        }
    }

    fn loosen(self, headers: &mut HeaderMap) {
        let policy = match self {
            Shown::Here => return,
            Shown::Picture | Shown::Kept => PICTURED,
            Shown::Frame => FRAMED,
        };
        if self == Shown::Frame {
            headers.remove(X_FRAME_OPTIONS);
        }
        headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
        if self == Shown::Kept {
            return;
        }
        let anywhere = HeaderValue::from_static("cross-origin");
        headers.insert(HeaderName::from_static("cross-origin-resource-policy"), anywhere);
    }
}

/// Puts on what every response has, also one that no route gives.
pub(crate) fn dressed(mut response: Response) -> Response {
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// A walk-in server answers to loopback's names only: else a foreign page could point its own name at it and act as anyone
/// (DNS rebinding), with all that the browser says looking like the same site.
pub(crate) async fn host(State(app): State<App>, request: Request, next: Next) -> Response {
    let named = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    let known = match app.door {
        // A foreign name has none of this server's cookies: nobody acts by it.
        Door::ReadOnly | Door::Invited => true,
        Door::WalkIn => named.is_some_and(is_loopback),
    };
    if known { next.run(request).await } else { Trouble::Misdirected.into_response() }
}

/// Refuses acts that another site's page set off. Browsers say so in `Sec-Fetch-Site`; older ones in `Origin`. Without either, only
/// a program can be asking: it may use the API, and only without a cookie.
pub(crate) async fn same_site(request: Request, next: Next) -> Response {
    if is_safe(request.method()) || is_same_site(request.headers(), request.uri().path()) {
        next.run(request).await
    } else {
        Trouble::CrossSite.into_response()
    }
}

pub(crate) fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

pub(crate) fn is_same_site(headers: &HeaderMap, path: &str) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return site == "same-origin" || site == "none";
    }
    if let Some(origin) = headers.get(ORIGIN) {
        let origin = origin.to_str().ok().and_then(|all| all.split_once("://"));
        let host = headers.get(HOST).and_then(|host| host.to_str().ok());
        return match (origin, host) {
            (Some((_, origin)), Some(host)) => origin.eq_ignore_ascii_case(host),
            _ => false,
        };
    }
    ["/api/", "/hooks/"].iter().any(|start| path.starts_with(start)) && !headers.contains_key(COOKIE)
}

pub(crate) fn is_loopback(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    ["localhost", "127.0.0.1", "[::1]"].iter().any(|known| name.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests;
