//! Pages of lists, and the links between them.

use serde_json::Value;

use crate::answer::Answer;
use crate::call::Call;
use crate::world::{Dialect, World};

/// Returns one page of a list, with the headers of the dialect.
pub fn page(world: &World, call: &Call, rows: Vec<Value>) -> Answer {
    let (word, usual, most) = match world.dialect {
        Dialect::GitHub => ("per_page", 30, 100),
        Dialect::Gitea => ("limit", 30, 50),
        Dialect::GitLab => ("per_page", 20, 100),
    };
    let number = |name: &str| call.asked(name).and_then(|text| text.parse::<usize>().ok()).filter(|number| *number > 0);
    let (size, at) = (number(word).unwrap_or(usual).min(most), number("page").unwrap_or(1));
    let total = rows.len();
    let last = total.div_ceil(size).max(1);
    let shown: Vec<Value> = rows.into_iter().skip(size.saturating_mul(at.saturating_sub(1))).take(size).collect();
    let mut links = Vec::new();
    let mut link = |page: usize, word: &str| links.push(format!("<{}>; rel=\"{word}\"", address(world, call, page)));
    if at < last {
        link(at.saturating_add(1), "next");
        link(last, "last");
    }
    if at > 1 {
        link(1, "first");
        link(at.saturating_sub(1), "prev");
    }
    let mut answer = Answer::json(200, &Value::Array(shown));
    if !links.is_empty() {
        answer = answer.with("Link", links.join(", "));
    }
    match world.dialect {
        Dialect::GitHub => answer,
        Dialect::Gitea => answer.with("X-Total-Count", total),
        Dialect::GitLab => {
            let next = if at < last { at.saturating_add(1).to_string() } else { String::new() };
            answer
                .with("X-Total", total)
                .with("X-Total-Pages", last)
                .with("X-Page", at)
                .with("X-Per-Page", size)
                .with("X-Next-Page", next)
        }
    }
}

fn address(world: &World, call: &Call, page: usize) -> String {
    let mut query: Vec<String> = call
        .query
        .iter()
        .filter(|(name, _)| name != "page")
        .map(|(name, value)| format!("{}={}", escaped(name), escaped(value)))
        .collect();
    query.push(format!("page={page}"));
    format!("{}{}?{}", world.base, call.path, query.join("&"))
}

fn escaped(text: &str) -> String {
    use std::fmt::Write as _;
    text.bytes().fold(String::new(), |mut done, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            done.push(char::from(byte));
        } else {
            let _ = write!(done, "%{byte:02X}");
        }
        done
    })
}
