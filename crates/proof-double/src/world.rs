//! The issuer: the page of consent, the codes that it gives, the tokens that it gives for them, and how it is made to lie.

use std::collections::BTreeMap;

use ring::hmac;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::sign::{Algorithm, Keys, base64url, bytes};

/// The way in which tokens and answers are spoilt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spoil {
    /// A field of the token has another value; null leaves it out.
    Claim(&'static str, Value),
    /// A field of the token's head has another value; null leaves it out.
    Head(&'static str, Value),
    /// The token says `alg: none`, and has no signature.
    Unsigned,
    /// The token is signed by the published modulus as if it were a shared secret.
    Hs256,
    /// Another key than the one that is named has signed.
    Stranger,
    /// The signature has a bit changed.
    Bit,
    /// The token has a field twice.
    Twice,
    /// The answer in the browser names another issuer; nothing leaves it out.
    AnswerIssuer(Option<String>),
    /// The description of the provider has another value in a field.
    Described(&'static str, Value),
    /// The token's place has other text.
    Text(String),
}

/// One call.
#[derive(Clone, Debug, Default)]
pub struct Call {
    /// `GET` or `POST`.
    pub method: String,
    /// The path.
    pub path: String,
    /// Names and values behind the `?`, or in the form.
    pub fields: BTreeMap<String, String>,
    /// The `Authorization` of the head.
    pub authorization: Option<String>,
}

/// The answer to one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// HTTP's status.
    pub status: u16,
    /// The address to go on to, of a redirect.
    pub location: Option<String>,
    /// JSON; null for nothing.
    pub body: Value,
}

/// A code that was given out.
#[derive(Debug)]
struct Code {
    challenge: String,
    back: String,
    nonce: Option<String>,
    used: bool,
}

/// An issuer.
#[derive(Debug)]
pub struct World {
    /// Its address, which is its `iss` too.
    pub base: String,
    /// The client that it knows.
    pub client: String,
    /// The client's secret, if it has one.
    pub secret: Option<String>,
    /// Who is signed in there: `sub`.
    pub subject: String,
    /// The same person's number, where it is a forge.
    pub account: u64,
    /// Its clock, seconds since 1970.
    pub now_s: i64,
    /// How it signs.
    pub algorithm: Algorithm,
    /// How it lies.
    pub spoil: Vec<Spoil>,
    /// The person says no.
    pub says_no: bool,
    /// Method and path of each call.
    pub calls: Vec<String>,
    keys: Keys,
    codes: BTreeMap<String, Code>,
    tokens: Vec<String>,
    drawn: u64,
}

impl Reply {
    fn json(status: u16, body: Value) -> Self {
        Self { status, location: None, body }
    }

    fn no(why: &str) -> Self {
        Self::json(400, json!({ "error": why }))
    }
}

impl World {
    /// Makes an issuer that knows `client`; none where this machine draws no keys.
    #[must_use]
    pub fn new(client: &str, now_s: i64) -> Option<Self> {
        Some(Self {
            base: String::new(),
            client: client.to_owned(),
            secret: Some("a secret/with+signs".replace(' ', "_")),
            subject: "248289761001".to_owned(),
            account: 583_231,
            now_s,
            algorithm: Algorithm::Eddsa,
            spoil: Vec::new(),
            says_no: false,
            calls: Vec::new(),
            keys: Keys::new()?,
            codes: BTreeMap::new(),
            tokens: Vec::new(),
            drawn: 0,
        })
    }

    /// Answers one call.
    pub fn answer(&mut self, call: &Call) -> Reply {
        self.calls.push(format!("{} {}", call.method, call.path));
        match (call.method.as_str(), call.path.as_str()) {
            ("GET", "/.well-known/openid-configuration") => Reply::json(200, self.described()),
            ("GET", "/keys") => Reply::json(200, self.keys.published()),
            ("GET", "/authorize" | "/login/oauth/authorize" | "/oauth/authorize") => self.consent(call),
            ("POST", "/token" | "/login/oauth/access_token" | "/oauth/token") => self.redeem(call),
            ("GET", "/api/v1/user" | "/api/v3/user" | "/api/v4/user") => self.user(call),
            _ => Reply::json(404, json!({ "error": "not_found" })),
        }
    }

    fn described(&self) -> Value {
        let base = &self.base;
        let mut said = json!({
            "issuer": base, "authorization_endpoint": format!("{base}/authorize"), "token_endpoint": format!("{base}/token"),
            "jwks_uri": format!("{base}/keys"), "authorization_response_iss_parameter_supported": true,
            "response_types_supported": ["code"], "code_challenge_methods_supported": ["S256"],
        });
        for spoil in &self.spoil {
            if let Spoil::Described(field, value) = spoil {
                said[*field] = value.clone();
            }
        }
        said
    }

    /// The person there says yes or no at once.
    fn consent(&mut self, call: &Call) -> Reply {
        let field = |name: &str| call.fields.get(name).map(String::as_str).unwrap_or_default();
        let challenge = field("code_challenge");
        let is_whole = challenge.len() == 43 && field("code_challenge_method") == "S256";
        if field("client_id") != self.client || field("response_type") != "code" || !is_whole {
            return Reply::no("invalid_request");
        }
        if call.path == "/authorize" && !field("scope").split(' ').any(|scope| scope == "openid") {
            return Reply::no("invalid_scope");
        }
        let (back, state) = (field("redirect_uri"), field("state"));
        let issuer = self.spoil.iter().find_map(|spoil| match spoil {
            Spoil::AnswerIssuer(issuer) => Some(issuer.clone()),
            _ => None,
        });
        let issuer = issuer.unwrap_or_else(|| (call.path == "/authorize").then(|| self.base.clone()));
        let issuer = issuer.map(|issuer| format!("&iss={}", escaped(&issuer))).unwrap_or_default();
        let answer = if self.says_no {
            "error=access_denied".to_owned()
        } else {
            let code = self.draw("code");
            let nonce = call.fields.get("nonce").cloned();
            let kept = Code { challenge: challenge.to_owned(), back: back.to_owned(), nonce, used: false };
            self.codes.insert(code.clone(), kept);
            format!("code={code}")
        };
        let location = format!("{back}?{answer}&state={}{issuer}", escaped(state));
        Reply { status: 302, location: Some(location), body: Value::Null }
    }

    /// Gives a token for a code, once, to the client that can show its secret and the word behind the challenge.
    fn redeem(&mut self, call: &Call) -> Reply {
        let field = |name: &str| call.fields.get(name).map(String::as_str).unwrap_or_default();
        if !self.is_client(call) {
            return Reply::json(401, json!({ "error": "invalid_client" }));
        }
        if field("grant_type") != "authorization_code" {
            return Reply::no("unsupported_grant_type");
        }
        let challenge = base64url(&Sha256::digest(field("code_verifier").as_bytes()));
        let Some(code) = self.codes.get_mut(field("code")) else { return Reply::no("invalid_grant") };
        if code.used || code.challenge != challenge || code.back != field("redirect_uri") {
            // A code that is shown wrongly is spent: a thief has one try.
            code.used = true;
            return Reply::no("invalid_grant");
        }
        code.used = true;
        let nonce = code.nonce.clone();
        let access = self.draw("token");
        self.tokens.push(access.clone());
        let mut reply = json!({ "access_token": access, "token_type": "Bearer", "expires_in": 300 });
        if call.path == "/token" {
            reply["id_token"] = json!(self.token(nonce));
        }
        Reply::json(200, reply)
    }

    fn is_client(&self, call: &Call) -> bool {
        let shown = call.authorization.as_deref().and_then(|shown| shown.strip_prefix("Basic "));
        let Some(secret) = &self.secret else {
            return call.fields.get("client_id") == Some(&self.client) && shown.is_none();
        };
        match shown {
            Some(shown) => {
                let right = format!("{}:{}", escaped(&self.client), escaped(secret)).into_bytes();
                bytes(shown.trim_end_matches('=')) == Some(right)
            }
            None => {
                let field = |name: &str| call.fields.get(name);
                field("client_id") == Some(&self.client) && field("client_secret") == Some(secret)
            }
        }
    }

    /// Says who a token is of.
    fn user(&self, call: &Call) -> Reply {
        let shown = call.authorization.as_deref().and_then(|shown| shown.strip_prefix("Bearer "));
        if !shown.is_some_and(|shown| self.tokens.iter().any(|known| known == shown)) {
            return Reply::json(401, json!({ "message": "Bad credentials" }));
        }
        let mut user = json!({ "id": self.account, "login": "somebody", "email": "somebody@example.org" });
        for spoil in &self.spoil {
            if let Spoil::Claim(field, value) = spoil {
                user[*field] = value.clone();
            }
        }
        Reply::json(200, user)
    }

    fn token(&self, nonce: Option<String>) -> String {
        let mut head = json!({ "alg": self.algorithm.name(), "kid": self.algorithm.name(), "typ": "JWT" });
        let mut claims = json!({
            "iss": self.base, "sub": self.subject, "aud": self.client, "iat": self.now_s, "exp": self.now_s + 300,
            "email": "somebody@example.org", "email_verified": true, "name": "Somebody",
        });
        if let Some(nonce) = nonce {
            claims["nonce"] = json!(nonce);
        }
        for spoil in &self.spoil {
            let (part, field, value) = match spoil {
                Spoil::Claim(field, value) => (&mut claims, field, value),
                Spoil::Head(field, value) => (&mut head, field, value),
                Spoil::Text(text) => return text.clone(),
                _ => continue,
            };
            match (value, part.as_object_mut()) {
                (Value::Null, Some(fields)) => drop(fields.remove(*field)),
                (value, _) => part[*field] = value.clone(),
            }
        }
        let has = |wanted: &Spoil| self.spoil.contains(wanted);
        if has(&Spoil::Unsigned) {
            head["alg"] = json!("none");
        }
        if has(&Spoil::Hs256) {
            head["alg"] = json!("HS256");
        }
        let mut text = claims.to_string();
        if has(&Spoil::Twice) {
            text.insert_str(1, "\"sub\":\"somebody else\",");
        }
        let signed = format!("{}.{}", base64url(head.to_string().as_bytes()), base64url(text.as_bytes()));
        let mut signature = if has(&Spoil::Unsigned) {
            Vec::new()
        } else if has(&Spoil::Hs256) {
            let key = hmac::Key::new(hmac::HMAC_SHA256, &self.keys.modulus());
            hmac::sign(&key, signed.as_bytes()).as_ref().to_vec()
        } else if has(&Spoil::Stranger) {
            self.keys.sign_as_stranger(signed.as_bytes())
        } else {
            self.keys.sign(self.algorithm, signed.as_bytes())
        };
        if let (true, Some(last)) = (has(&Spoil::Bit), signature.last_mut()) {
            *last ^= 1;
        }
        format!("{signed}.{}", base64url(&signature))
    }

    fn draw(&mut self, what: &str) -> String {
        self.drawn += 1;
        format!("{what}-{}-{}", self.drawn, base64url(&Sha256::digest(format!("{what} {}", self.drawn).as_bytes())))
    }
}

fn escaped(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
