//! The style sheet, the script and the mark, inside the binary. Their addresses carry a hash of their bytes, so browsers may keep
//! them for good.

use crate::trouble::Trouble;
use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

/// One file under `/static/`.
struct Asset {
    name: &'static str,
    media_type: &'static str,
    bytes: &'static [u8],
}

const FILES: [Asset; 5] = [
    Asset {
        name: "rochdale.css",
        media_type: "text/css; charset=utf-8",
        bytes: include_bytes!("../static/rochdale.css"),
    },
    Asset {
        name: "htmx.min.js",
        media_type: "text/javascript; charset=utf-8",
        bytes: include_bytes!("../static/htmx.min.js"),
    },
    Asset {
        name: "device.js",
        media_type: "text/javascript; charset=utf-8",
        bytes: include_bytes!("../static/device.js"),
    },
    Asset {
        name: "passkey.js",
        media_type: "text/javascript; charset=utf-8",
        bytes: include_bytes!("../static/passkey.js"),
    },
    Asset { name: "mark.svg", media_type: "image/svg+xml", bytes: include_bytes!("../static/mark.svg") },
];

/// The addresses that pages link to.
#[derive(Debug)]
pub(crate) struct Addresses {
    pub(crate) style: String,
    pub(crate) script: String,
    /// Signs what forms do.
    pub(crate) signer: String,
    pub(crate) passkey: String,
    pub(crate) mark: String,
}

pub(crate) static ADDRESSES: LazyLock<Addresses> = LazyLock::new(|| Addresses {
    style: address("rochdale.css"),
    script: address("htmx.min.js"),
    signer: address("device.js"),
    passkey: address("passkey.js"),
    mark: address("mark.svg"),
});

/// `GET /static/{hash}/{file}`. A hash of other bytes is answered all the same, but not to be kept: a page from before an upgrade
/// should still have its style.
pub(crate) async fn show(Path((hash, file)): Path<(String, String)>) -> Result<Response, Trouble> {
    let asset = FILES.iter().find(|asset| asset.name == file).ok_or(Trouble::Absent)?;
    let keep = if hash == fingerprint(asset.bytes) { "public, max-age=31536000, immutable" } else { "no-cache" };
    let headers = [(CONTENT_TYPE, asset.media_type), (CACHE_CONTROL, keep)];
    Ok((headers, asset.bytes).into_response())
}

fn address(name: &str) -> String {
    let bytes = FILES.iter().find(|asset| asset.name == name).map_or(&[][..], |asset| asset.bytes);
    format!("/static/{}/{name}", fingerprint(bytes))
}

fn fingerprint(bytes: &[u8]) -> String {
    let hash = Sha256::digest(bytes);
    hash.iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}
