//! `GET /feeds/changes.atom`: the outcomes of the last updates and the silences of sources for feed readers, RFC 4287. It says what anybody's home page says.

use std::fmt::Write as _;

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HOST};
use axum::http::{HeaderMap, HeaderName};
use axum::response::{IntoResponse, Response};
use views::Change;

use crate::session::Transport;
use crate::trouble::Trouble;
use crate::visit::Visitor;

const MEDIA_TYPE: &str = "application/atom+xml; charset=utf-8";

/// Readers ask often, and updates are rare.
const KEEP: &str = "public, max-age=300";

pub(crate) async fn show(visitor: Visitor, headers: HeaderMap) -> Result<Response, Trouble> {
    // The same for everybody, whoever reads.
    let anybody = Visitor { me: None, ..visitor };
    let scheme = match anybody.app.transport {
        Transport::Https => "https",
        Transport::Plain => "http",
    };
    let origin = headers.get(HOST).and_then(|host| host.to_str().ok()).filter(|host| is_plain(host));
    let origin = origin.map(|host| format!("{scheme}://{host}")).unwrap_or_default();
    anybody.see(|sight, snapshot| {
        let name = views::coop_summary(sight).name;
        let text = atom(&name, snapshot.id(), &origin, &views::changes(sight));
        let vary = (HeaderName::from_static("vary"), "host");
        Ok(([(CONTENT_TYPE, MEDIA_TYPE), (CACHE_CONTROL, KEEP), vary], text).into_response())
    })
}

/// Whether a `Host` header is a name or an address with a port, and nothing that could end up as something else in an address.
fn is_plain(host: &str) -> bool {
    !host.is_empty() && host.chars().all(|one| one.is_ascii_alphanumeric() || ".-:[]".contains(one))
}

/// Without an origin the links are relative to the feed.
fn atom(name: &str, coop: &str, origin: &str, changes: &[Change]) -> String {
    let (name, coop) = (escaped(name), escaped(coop));
    let updated = changes.first().map_or_else(|| "1970-01-01T00:00:00Z".to_owned(), |first| first.at.to_string());
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n\
         <id>urn:rochdale:{coop}:changes</id>\n<title>{name}</title>\n<updated>{updated}</updated>\n\
         <author><name>{name}</name></author>\n\
         <link rel=\"self\" href=\"{origin}/feeds/changes.atom\"/>\n<link href=\"{origin}/\"/>\n"
    );
    for change in changes {
        // Writing into a string never fails.
        let _ = writeln!(
            text,
            "<entry><id>urn:rochdale:{coop}:{}:{}</id><title>{}</title><updated>{}</updated><link href=\"{origin}{}\"/></entry>",
            change.at.0,
            escaped(&change.key),
            escaped(&change.words),
            change.at,
            escaped(&change.href),
        );
    }
    text.push_str("</feed>\n");
    text
}

/// Text for XML: markup is escaped, and what XML has no place for is left out.
pub(crate) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for one in text.chars() {
        match one {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\t' | '\n' | '\r' => safe.push(' '),
            '\u{fffe}' | '\u{ffff}' => {}
            control if control.is_control() => {}
            other => safe.push(other),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use quantity::Moment;

    use super::*;

    #[test]
    fn a_name_is_no_markup_and_a_host_no_address() {
        let change = Change {
            at: Moment(0),
            key: "3".to_owned(),
            words: "<b>\u{1}&\"x".to_owned(),
            href: "/decisions/a'b".to_owned(),
        };
        let text = atom("A & B", "c_1", "https://coop.example:8443", &[change]);
        assert!(text.contains("<title>A &amp; B</title>"), "{text}");
        assert!(text.contains("<title>&lt;b&gt;&amp;&quot;x</title>"), "{text}");
        assert!(text.contains("<id>urn:rochdale:c_1:0:3</id>"), "{text}");
        assert!(text.contains("href=\"https://coop.example:8443/decisions/a&#39;b\""), "{text}");
        assert!(text.contains("<updated>1970-01-01T00:00:00Z</updated>"), "{text}");
        let hosts = ["coop.example", "[::1]:80", "", "a/b", "a\"b", "a@b", "a b"];
        assert_eq!(hosts.map(is_plain), [true, true, false, false, false, false, false]);
    }
}
