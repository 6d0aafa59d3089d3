//! The issuer's keys, and tokens signed by them.

use ring::rand::SystemRandom;
use ring::rsa::{KeyPairComponents, PublicKeyComponents};
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair,
};
use serde_json::{Value, json};

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The example key of RFC 7515, A.2: published, and nobody's.
const EXAMPLE: [&str; 7] = [
    "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ",
    "Eq5xpGnNCivDflJsRQBXHx1hdR1k6Ulwe2JZD50LpXyWPEAeP88vLNO97IjlA7_GQ5sLKMgvfTeXZx9SE-7YwVol2NXOoAJe46sui395IW_GO-pWJ1O0BkTGoVEn2bKVRUCgu-GjBVaYLU6f3l9kJfFNS3E0QbVdxzubSu3Mkqzjkn439X0M_V51gfpRLI9JYanrC4D4qAdGcopV_0ZHHzQlBjudU2QvXt4ehNYTCBr6XCLQUShb1juUO1ZdiYoFaFQT5Tw8bGUl_x_jTj3ccPDVZFD9pIuhLhBOneufuBiB4cS98l2SR_RQyGWSeWjnczT0QU91p1DhOVRuOopznQ",
    "4BzEEOtIpmVdVEZNCqS7baC4crd0pqnRH_5IB3jw3bcxGn6QLvnEtfdUdiYrqBdss1l58BQ3KhooKeQTa9AB0Hw_Py5PJdTJNPY8cQn7ouZ2KKDcmnPGBY5t7yLc1QlQ5xHdwW1VhvKn-nXqhJTBgIPgtldC-KDV5z-y2XDwGUc",
    "uQPEfgmVtjL0Uyyx88GZFF1fOunH3-7cepKmtH4pxhtCoHqpWmT8YAmZxaewHgHAjLYsp1ZSe7zFYHj7C6ul7TjeLQeZD_YwD66t62wDmpe_HlB-TnBA-njbglfIsRLtXlnDzQkv5dTltRJ11BKBBypeeF6689rjcJIDEz9RWdc",
    "BwKfV3Akq5_MFZDFZCnW-wzl-CCo83WoZvnLQwCTeDv8uzluRSnm71I3QCLdhrqE2e9YkxvuxdBfpT_PI7Yz-FOKnu1R6HsJeDCjn12Sk3vmAktV2zb34MCdy7cpdTh_YVr7tss2u6vneTwrA86rZtu5Mbr1C1XsmvkxHQAdYo0",
    "h_96-mK1R_7glhsum81dZxjTnYynPbZpHziZjeeHcXYsXaaMwkOlODsWa7I9xXDoRwbKgB719rrmI2oKr6N3Do9U0ajaHF-NKJnwgjMd2w9cjz3_-kyNlxAr2v4IKhGNpmM5iIgOS1VZnOZ68m6_pbLBSp3nssTdlqvd0tIiTHU",
    "IYd7DHOhrWvxkwPQsRM2tOgrjbcrfvtQJipd-DlcxyVuuM9sQLdgjVk2oy26F0EmpScGLq2MowX7fhd_QJQ3ydy5cY7YIBi87w93IKLEdfnbJtoOPLUW0ITrJReOgo1cq9SbsxYawBgfp_gh6A5603k2-ZQwVK0JKSHuLFkuQ3U",
];

/// How a token is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// RSA with SHA-256.
    Rs256,
    /// P-256 with SHA-256.
    Es256,
    /// Ed25519.
    Eddsa,
}

impl Algorithm {
    /// Every algorithm.
    pub const ALL: [Self; 3] = [Self::Rs256, Self::Es256, Self::Eddsa];

    /// Its name in tokens.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Es256 => "ES256",
            Self::Eddsa => "EdDSA",
        }
    }
}

/// The keys of an issuer.
pub(crate) struct Keys {
    rsa: RsaKeyPair,
    p256: EcdsaKeyPair,
    ed25519: Ed25519KeyPair,
    /// One that is not published.
    stranger: Ed25519KeyPair,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Keys")
    }
}

impl Keys {
    /// Draws keys, but for the one of RSA; none where this machine cannot.
    pub(crate) fn new() -> Option<Self> {
        let random = SystemRandom::new();
        let [n, d, p, q, dp, dq, inverse] = EXAMPLE.map(bytes);
        let components = KeyPairComponents {
            public_key: PublicKeyComponents { n: n?, e: vec![1, 0, 1] },
            d: d?,
            p: p?,
            q: q?,
            dP: dp?,
            dQ: dq?,
            qInv: inverse?,
        };
        let kind = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let document = EcdsaKeyPair::generate_pkcs8(kind, &random).ok()?;
        let ed25519 = || {
            let document = Ed25519KeyPair::generate_pkcs8(&random).ok()?;
            Ed25519KeyPair::from_pkcs8(document.as_ref()).ok()
        };
        Some(Self {
            rsa: RsaKeyPair::from_components(&components).ok()?,
            p256: EcdsaKeyPair::from_pkcs8(kind, document.as_ref(), &random).ok()?,
            ed25519: ed25519()?,
            stranger: ed25519()?,
        })
    }

    /// The public keys, as a set of JWK.
    pub(crate) fn published(&self) -> Value {
        let rsa: PublicKeyComponents<Vec<u8>> = self.rsa.public().into();
        let point = self.p256.public_key().as_ref();
        let (x, y) = point.get(1..).and_then(|both| both.split_at_checked(32)).unwrap_or_default();
        json!({ "keys": [
            { "kty": "RSA", "kid": "RS256", "use": "sig", "alg": "RS256", "n": base64url(&rsa.n), "e": base64url(&rsa.e) },
            { "kty": "EC", "kid": "ES256", "crv": "P-256", "x": base64url(x), "y": base64url(y) },
            { "kty": "OKP", "kid": "EdDSA", "crv": "Ed25519", "use": "sig", "x": base64url(self.ed25519.public_key().as_ref()) },
            { "kty": "OKP", "kid": "enc", "crv": "Ed25519", "use": "enc", "x": base64url(self.ed25519.public_key().as_ref()) },
            { "kty": "EC", "kid": "P-384", "crv": "P-384", "x": "AA", "y": "AA" },
            { "kty": "oct", "kid": "shared", "k": "AA" },
            "junk",
        ] })
    }

    /// Signs by the key of an algorithm; nothing where the machine cannot.
    pub(crate) fn sign(&self, algorithm: Algorithm, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match algorithm {
            Algorithm::Rs256 => {
                let mut signature = vec![0; self.rsa.public().modulus_len()];
                match self.rsa.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature) {
                    Ok(()) => signature,
                    Err(_) => Vec::new(),
                }
            }
            Algorithm::Es256 => self.p256.sign(&random, message).map(|made| made.as_ref().to_vec()).unwrap_or_default(),
            Algorithm::Eddsa => self.ed25519.sign(message).as_ref().to_vec(),
        }
    }

    /// Signs by the key that is not published.
    pub(crate) fn sign_as_stranger(&self, message: &[u8]) -> Vec<u8> {
        self.stranger.sign(message).as_ref().to_vec()
    }

    /// The modulus: a secret that everybody knows, for tokens that mistake it for one.
    pub(crate) fn modulus(&self) -> Vec<u8> {
        let rsa: PublicKeyComponents<Vec<u8>> = self.rsa.public().into();
        rsa.n
    }
}

/// Returns bytes as letters.
#[must_use]
pub fn base64url(bytes: &[u8]) -> String {
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let at = |place: usize| usize::from(three.get(place).copied().unwrap_or_default());
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        let letters = (0..=three.len()).filter_map(|place| LETTERS.get((bits >> (18 - 6 * place)) & 63));
        text.extend(letters.map(|letter| char::from(*letter)));
    }
    text
}

/// Returns the bytes of letters; none of other signs.
pub(crate) fn bytes(text: &str) -> Option<Vec<u8>> {
    let (mut bits, mut count, mut bytes) = (0_u32, 0, Vec::new());
    for letter in text.bytes() {
        let letter = match letter {
            b'+' => b'-',
            b'/' => b'_',
            letter => letter,
        };
        let value = LETTERS.iter().position(|known| *known == letter)?;
        bits = (bits << 6 | u32::try_from(value).ok()?) & 0xffff;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xff).ok()?);
        }
    }
    Some(bytes)
}
