//! A co-op's pages moved below `/test`. Its templates write every address as an attribute that begins with `/`, and escape the quotes of
//! everything else, so that an attribute in a page is the page's own.

use axum::http::header::{LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue};

use super::UNDER;

/// The name by which the test co-op's own server is asked: it answers to loopback's names alone.
pub(super) const INSIDE: &str = "localhost";

/// The attributes that hold addresses.
const ATTRIBUTES: [&str; 6] = [" href", " action", " src", " hx-get", " hx-post", " formaction"];
/// Styles and scripts are this server's, wherever a page is.
const SHARED: &str = "/static/";

/// Moves the addresses of a page, and puts the bar first in it.
pub(super) fn page(html: &str, bar: &str) -> String {
    let mut moved = String::with_capacity(html.len() + bar.len() + 4_096);
    let mut rest = html;
    while let Some((before, after)) = rest.split_once("=\"/") {
        moved.push_str(before);
        moved.push_str("=\"");
        let is_address = ATTRIBUTES.iter().any(|name| before.ends_with(name));
        if is_address && !after.starts_with('/') && !after.starts_with(SHARED.trim_start_matches('/')) {
            moved.push_str(UNDER);
        }
        moved.push('/');
        rest = after;
    }
    moved.push_str(rest);
    // Its maker alone can act here, and the bar says all of it.
    let walk_in = format!("<p class=\"banner walk-in\">{}</p>", words::frame::WALK_IN);
    let moved = moved.replacen(&walk_in, "", 1);
    let Some((head, body)) = moved.split_once("<body").and_then(|(head, rest)| {
        let (tag, body) = rest.split_once('>')?;
        Some((format!("{head}<body{tag}>"), body))
    }) else {
        return moved;
    };
    format!("{head}\n{bar}{body}")
}

/// Moves the addresses of a feed, which begin with the server's name.
pub(super) fn feed(xml: &str) -> String {
    xml.replace(&format!("http://{INSIDE}/"), &format!("{UNDER}/"))
}

/// Moves where an answer leads, and where its cookies hold.
pub(super) fn head(headers: &mut HeaderMap) {
    let path = headers.get(LOCATION).and_then(|there| there.to_str().ok());
    let there = path.filter(|path| path.starts_with('/') && !path.starts_with("//"));
    if let Some(there) = there.and_then(|path| HeaderValue::from_str(&format!("{UNDER}{path}")).ok()) {
        headers.insert(LOCATION, there);
    }
    let cookies: Vec<HeaderValue> = headers
        .get_all(SET_COOKIE)
        .iter()
        .filter_map(|set| HeaderValue::from_str(&set.to_str().ok()?.replace("Path=/;", "Path=/test;")).ok())
        .collect();
    headers.remove(SET_COOKIE);
    for cookie in cookies {
        headers.append(SET_COOKIE, cookie);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_move_and_nothing_else_does() {
        for (html, moved) in [
            ("<a href=\"/me\">", "<a href=\"/test/me\">"),
            ("<a class=\"x\" href=\"/\">", "<a class=\"x\" href=\"/test/\">"),
            (
                "<form method=\"post\" action=\"/a\" hx-post=\"/b\">",
                "<form method=\"post\" action=\"/test/a\" hx-post=\"/test/b\">",
            ),
            ("<script src=\"/static/1/x.js\">", "<script src=\"/static/1/x.js\">"),
            ("<link href=\"/static/1/x.css\">", "<link href=\"/static/1/x.css\">"),
            ("<a href=\"https://a.example/\">", "<a href=\"https://a.example/\">"),
            ("<a href=\"//a.example\">", "<a href=\"//a.example\">"),
            ("<input name=\"back\" value=\"/me\">", "<input name=\"back\" value=\"/me\">"),
            ("<p>href=&#34;/me&#34; /me</p>", "<p>href=&#34;/me&#34; /me</p>"),
        ] {
            assert_eq!(page(html, "BAR"), moved);
        }
        assert_eq!(page("<html><body class=\"embed\"><main>", "BAR"), "<html><body class=\"embed\">\nBAR<main>");
        assert_eq!(page("<body>\n<a href=\"/\">", "<p href=\"/x\">"), "<body>\n<p href=\"/x\">\n<a href=\"/test/\">");
    }

    #[test]
    fn answers_lead_below_and_cookies_hold_there() {
        let mut headers = HeaderMap::new();
        headers.insert(LOCATION, HeaderValue::from_static("/me?done=walk-in"));
        headers.append(SET_COOKIE, HeaderValue::from_static("a=1; Path=/; HttpOnly"));
        head(&mut headers);
        assert_eq!(headers[LOCATION], "/test/me?done=walk-in");
        assert_eq!(headers[SET_COOKIE], "a=1; Path=/test; HttpOnly");
        assert_eq!(feed("<link href=\"http://localhost/me\"/>"), "<link href=\"/test/me\"/>");
    }
}
