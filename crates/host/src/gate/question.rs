//! Questions that a browser was asked and is to answer: challenges of passkeys, and ways to an issuer and back. Each is kept by the
//! browser that asked, sealed by a key that only this process has; so somebody who asks a million times costs no memory. A question that
//! was answered rightly is remembered until it is too old: it is good once.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use proof::Bytes;
use quantity::Moment;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::code::{code_hash, random};
use crate::error::Error;

/// The bytes of a nonce, which is drawn for each question.
const NONCE: usize = 24;
/// The longest sealed question that is opened, bytes: a browser keeps 4,096 in a cookie.
const LONGEST_SEALED: usize = 4_000;
/// A question that was answered is remembered for so long, microseconds: no question is good for longer than ten minutes.
const REMEMBERED_US: i64 = 900_000_000;
/// The most that are remembered; beyond them no answer is taken. Each was answered rightly, by a member.
const MOST_ANSWERED: usize = 65_536;

/// The key of this process, and the questions that were answered.
pub struct Questions {
    cipher: XChaCha20Poly1305,
    answered: Mutex<BTreeMap<String, i64>>,
}

impl fmt::Debug for Questions {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Questions").finish_non_exhaustive()
    }
}

impl Questions {
    /// Draws a key: questions of an earlier process open no more.
    ///
    /// # Errors
    /// A machine without random numbers.
    pub fn new() -> Result<Questions, Error> {
        let key: [u8; 32] = random()?;
        Ok(Questions { cipher: XChaCha20Poly1305::new(&key.into()), answered: Mutex::default() })
    }

    /// Seals a question for the browser that asked. It opens for this co-op and this use alone.
    ///
    /// # Errors
    /// A machine without random numbers.
    pub fn sealed(&self, coop: &str, usage: &str, question: &impl Serialize) -> Result<String, Error> {
        let nonce: [u8; NONCE] = random()?;
        let text = serde_json::to_vec(question).map_err(|why| Error::Usage(why.to_string()))?;
        let about = about(coop, usage);
        let payload = Payload { msg: &text, aad: about.as_bytes() };
        let wrapped = self.cipher.encrypt(&XNonce::from(nonce), payload);
        let wrapped = wrapped.map_err(|_| Error::Usage("a question cannot be sealed".to_owned()))?;
        Ok(Bytes([&nonce[..], &wrapped].concat()).text())
    }

    /// Opens a question; none where it is another co-op's or of another use, of an earlier process, or nobody's.
    #[must_use]
    pub fn opened<T: DeserializeOwned>(&self, coop: &str, usage: &str, sealed: &str) -> Option<T> {
        let bytes = Bytes::read(sealed).filter(|_| sealed.len() <= LONGEST_SEALED)?;
        let (nonce, wrapped) = bytes.0.split_first_chunk::<NONCE>()?;
        let about = about(coop, usage);
        let text = self.cipher.decrypt(&XNonce::from(*nonce), Payload { msg: wrapped, aad: about.as_bytes() });
        serde_json::from_slice(&text.ok()?).ok()
    }

    /// Notes that a question was answered rightly; whether this is the first time. Of many at once one is told yes.
    #[must_use]
    pub fn answer(&self, sealed: &str, now: Moment) -> bool {
        let mut answered = self.answered.lock().unwrap_or_else(PoisonError::into_inner);
        if answered.len() >= MOST_ANSWERED {
            answered.retain(|_, until| *until > now.0);
        }
        let hash = code_hash(sealed);
        if answered.len() >= MOST_ANSWERED || answered.contains_key(&hash) {
            return false;
        }
        answered.insert(hash, now.0.saturating_add(REMEMBERED_US));
        true
    }
}

/// The fields that a sealed question is bound to.
fn about(coop: &str, usage: &str) -> String {
    format!("rochdale/question/{coop}/{usage}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Moment = Moment(1_800_000_000_000_000);

    #[test]
    fn a_question_opens_for_its_own_co_op_use_and_process_alone() {
        let questions = Questions::new().unwrap();
        let sealed = questions.sealed("a", "sign-in", &"what is asked").unwrap();
        let opened = |questions: &Questions, coop: &str, usage: &str, sealed: &str| {
            questions.opened::<String>(coop, usage, sealed)
        };
        assert_eq!(opened(&questions, "a", "sign-in", &sealed).as_deref(), Some("what is asked"));
        assert_ne!(questions.sealed("a", "sign-in", &"what is asked").unwrap(), sealed, "a fresh nonce");
        assert_eq!(opened(&questions, "b", "sign-in", &sealed), None);
        assert_eq!(opened(&questions, "a", "add/m_1", &sealed), None);
        assert_eq!(opened(&Questions::new().unwrap(), "a", "sign-in", &sealed), None);
        assert_eq!(questions.opened::<u64>("a", "sign-in", &sealed), None, "another kind of question");
        let mut other = sealed.clone();
        other.replace_range(50..51, if &other[50..51] == "A" { "B" } else { "A" });
        for odd in ["", "A", "=", &other, &"A".repeat(LONGEST_SEALED + 4)] {
            assert_eq!(opened(&questions, "a", "sign-in", odd), None, "{odd}");
        }
    }

    #[test]
    fn fifty_answers_at_once_are_one() {
        let questions = Questions::new().unwrap();
        let sealed = questions.sealed("a", "sign-in", &1).unwrap();
        let taken: usize = std::thread::scope(|all| {
            let answers: Vec<_> = (0..50).map(|_| all.spawn(|| usize::from(questions.answer(&sealed, NOW)))).collect();
            answers.into_iter().map(|answer| answer.join().unwrap()).sum()
        });
        assert_eq!(taken, 1);
        assert!(questions.answer("another", NOW));
    }

    #[test]
    fn answered_questions_are_forgotten_when_they_are_too_old_and_never_before() {
        let questions = Questions::new().unwrap();
        for number in 0..MOST_ANSWERED {
            assert!(questions.answer(&number.to_string(), NOW));
        }
        assert!(!questions.answer("one more", NOW));
        assert!(!questions.answer("0", Moment(NOW.0 + REMEMBERED_US - 1)));
        assert!(questions.answer("one more", Moment(NOW.0 + REMEMBERED_US)));
    }
}
