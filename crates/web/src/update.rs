//! Running the next update at once, in a demonstration.

use crate::form::{Fields, value};
use crate::frame::see;
use crate::trouble::Trouble;
use crate::visit::Visitor;
use axum::Form;
use axum::response::Response;

pub(crate) async fn run(visitor: Visitor, Form(fields): Form<Fields>) -> Result<Response, Trouble> {
    let made_up = visitor.see(|sight, _| Ok(sight.state.founding.act.demonstration))?;
    if !made_up || !visitor.app.coop.is_demonstration() {
        return Err(Trouble::Absent);
    }
    let now = visitor.app.coop.now();
    visitor.write(move |batch| Ok(batch.run_next_update(now).map(|_| ())?)).await?;
    Ok(see(&format!("{}?done=update", own_path(value(&fields, "back")))))
}

/// A path of this server, or home: an address from a form must not lead elsewhere.
pub(crate) fn own_path(path: &str) -> &str {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-_.".contains(&byte);
    if path.starts_with('/') && !path.starts_with("//") && path.bytes().all(plain) { path } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn only_own_paths_are_gone_back_to() {
        for path in ["/", "/decisions/maintainer", "/issues"] {
            assert_eq!(own_path(path), path);
        }
        for path in ["", "//evil.test", "https://evil.test", "/\\evil.test", "/a\r\nSet-Cookie: b", "/?x"] {
            assert_eq!(own_path(path), "/", "{path}");
        }
    }
}
