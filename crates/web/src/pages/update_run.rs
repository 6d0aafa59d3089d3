//! Running the next update at once, in a demonstration.

use super::see;
use crate::app::App;
use crate::form::Fields;
use crate::session::Visitor;
use crate::trouble::Trouble;
use axum::Form;
use axum::extract::State;
use axum::response::Response;

pub(crate) async fn run(
    State(app): State<App>,
    visitor: Visitor,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    if !app.desk.coop(visitor.me.as_deref())?.demonstration {
        return Err(Trouble::Absent);
    }
    app.at_desk(|desk| desk.run_next_update()).await?;
    let back = fields.iter().find(|(name, _)| name == "back");
    let back = back.map_or("/", |(_, path)| path.as_str());
    Ok(see(&format!("{}?done=update", own_path(back))))
}

/// A path of this server, or home: an address from a form must not lead elsewhere.
fn own_path(path: &str) -> &str {
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
