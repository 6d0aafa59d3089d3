//! How an OpenID provider describes itself. Source: OpenID Connect Discovery 1.0, 3 and 4; RFC 9207, 3.

use bridges::forge::{Reach, checked};
use serde::Deserialize;

use super::Refused;

/// The part of a provider's description that is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Config {
    pub authorization: String,
    pub token: String,
    pub keys: String,
    /// It says in each answer who it is.
    pub names_itself: bool,
    pub by: By,
}

/// How the client shows its secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    /// In the head of the request.
    Basic,
    /// In its form.
    Form,
}

#[derive(Deserialize)]
struct Said {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
}

/// Returns the address at which a provider describes itself.
pub(super) fn address(issuer: &str) -> String {
    format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'))
}

impl Config {
    /// Reads what the provider `issuer` says of itself. Its own name for itself is that, to the letter.
    pub(super) fn read(issuer: &str, json: &[u8], reach: Reach) -> Result<Self, Refused> {
        let said: Said = serde_json::from_slice(json).map_err(|_| Refused::Unreadable("openid-configuration"))?;
        if said.issuer != issuer {
            return Err(Refused::OtherIssuer(issuer.to_owned()));
        }
        for address in [&said.authorization_endpoint, &said.token_endpoint, &said.jwks_uri] {
            checked(address, reach).map_err(Refused::Unreached)?;
        }
        if said.authorization_endpoint.contains('#') {
            return Err(Refused::Unreadable("authorization_endpoint"));
        }
        let methods = said.token_endpoint_auth_methods_supported.unwrap_or_default();
        let has = |method: &str| methods.iter().any(|known| known == method);
        let by = if has("client_secret_post") && !has("client_secret_basic") { By::Form } else { By::Basic };
        Ok(Self {
            authorization: said.authorization_endpoint,
            token: said.token_endpoint,
            keys: said.jwks_uri,
            names_itself: said.authorization_response_iss_parameter_supported,
            by,
        })
    }
}
