//! The answer that a browser brings back from an issuer: names and values in the address. It reads, and believes nothing.

use super::Refused;

/// The longest value in an answer, bytes.
const LONGEST_VALUE: usize = 2_048;

/// An answer. Each name comes at most once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    pub(super) state: String,
    pub(super) code: Option<String>,
    pub(super) issuer: Option<String>,
    error: Option<String>,
}

impl Answer {
    /// Reads names and values whose escapes are undone. Names that nobody asked for are passed over.
    ///
    /// # Errors
    /// A name comes twice, a value is too long, or there is no `state`.
    pub fn read<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, Refused> {
        let [mut state, mut code, mut issuer, mut error] = [const { None }; 4];
        for (name, value) in pairs {
            let (name, place) = match name {
                "state" => ("state", &mut state),
                "code" => ("code", &mut code),
                "iss" => ("iss", &mut issuer),
                "error" => ("error", &mut error),
                _ => continue,
            };
            if place.is_some() || value.len() > LONGEST_VALUE {
                return Err(Refused::Unreadable(name));
            }
            *place = Some(value.to_owned());
        }
        let state = state.ok_or(Refused::NotAsked)?;
        Ok(Self { state, code, issuer, error })
    }

    /// The code, where the issuer has not said no.
    pub(super) fn code(&self) -> Result<&str, Refused> {
        if let Some(error) = &self.error {
            let plain = |letter: &char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '.' | ' ');
            return Err(Refused::Denied(error.chars().filter(plain).take(60).collect()));
        }
        self.code.as_deref().filter(|code| !code.is_empty()).ok_or(Refused::Unreadable("code"))
    }
}
