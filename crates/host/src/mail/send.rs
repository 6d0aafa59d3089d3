//! Sending letters by SMTP. A letter's try is noted before it is sent, and its id is the same at each: a lost answer sends it twice at the
//! most, and mail programs see that it is one.

use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{Message, SmtpTransport, Transport as _};
use quantity::Moment;

use super::{KEPT_US, Letter, MAIL, MOST_TRIES, MOST_WAITING};
use crate::error::Error;
use crate::shared::Shared;

/// A server of mail is waited for so long.
const PATIENCE: Duration = Duration::from_secs(20);
/// The most letters that are sent at one beat.
const MOST_AT_ONCE: usize = 20;
/// The longest pause between two tries, microseconds: an hour.
const LONGEST_PAUSE_US: i64 = 3_600_000_000;

/// The way of letters out.
#[derive(Debug)]
pub struct Post {
    transport: SmtpTransport,
    from: Mailbox,
    /// Why the last letter was not sent.
    trouble: Mutex<Option<String>>,
}

/// Why there is no way out.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{0}")]
pub struct NoPost(String);

impl Post {
    /// The way by `smtp://HOST:PORT` or `smtps://HOST:PORT`, with letters from `from`. The first is encrypted by STARTTLS, but for
    /// `localhost` and loopback.
    ///
    /// # Errors
    /// An address that cannot be read.
    pub fn by(server: &str, from: &str, login: Option<(String, String)>) -> Result<Post, NoPost> {
        let unread = || NoPost(format!("`{server}` is no server of mail: write smtp://HOST:PORT or smtps://HOST:PORT"));
        let (scheme, rest) = server.split_once("://").ok_or_else(unread)?;
        let (host, port) = rest.trim_end_matches('/').rsplit_once(':').ok_or_else(unread)?;
        let port: u16 = port.parse().map_err(|_| unread())?;
        let host = host.trim_start_matches('[').trim_end_matches(']');
        if host.is_empty() || host.contains(['@', '/']) {
            return Err(unread());
        }
        let is_here = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
        let parameters = || TlsParameters::new(host.to_owned()).map_err(|why| NoPost(why.to_string()));
        let tls = match scheme {
            "smtps" => Tls::Wrapper(parameters()?),
            "smtp" if is_here => Tls::None,
            "smtp" => Tls::Required(parameters()?),
            _ => return Err(unread()),
        };
        let from = from.parse().map_err(|_| NoPost(format!("`{from}` is no mail address")))?;
        let builder = SmtpTransport::builder_dangerous(host).port(port).tls(tls).timeout(Some(PATIENCE));
        let builder = match login {
            Some((user, secret)) => builder.credentials(Credentials::new(user, secret)),
            None => builder,
        };
        Ok(Post { transport: builder.build(), from, trouble: Mutex::default() })
    }

    /// Sends the letters that are due, a few at a time. May wait for the network.
    ///
    /// # Errors
    /// A fault of storage: the next call tries again.
    pub fn carry(&self, coop: &Shared, now: Moment) -> Result<(), Error> {
        let letters = coop.read().letters()?;
        let over = letters.iter().filter(|(_, letter)| match letter.failed {
            Some(_) => now.0.saturating_sub(letter.made_us) >= KEPT_US,
            None => now.0 >= letter.until_us,
        });
        let over: Vec<String> = over.map(|(number, _)| number.clone()).collect();
        if !over.is_empty() {
            let gone = over.clone();
            coop.write(move |batch| gone.iter().try_for_each(|number| batch.delete(MAIL, number.as_bytes())))?;
        }
        let due = letters
            .into_iter()
            .filter(|(number, letter)| letter.failed.is_none() && letter.next_us <= now.0 && !over.contains(number));
        for (number, letter) in due.take(MOST_AT_ONCE) {
            self.carry_one(coop, number, letter, now)?;
        }
        Ok(())
    }

    fn carry_one(&self, coop: &Shared, number: String, letter: Letter, now: Moment) -> Result<(), Error> {
        let tries = letter.tries.saturating_add(1);
        let pause = 2_000_000_i64.saturating_mul(1_i64 << tries.min(20)).min(LONGEST_PAUSE_US);
        let tried = Letter { tries, next_us: now.0.saturating_add(pause), ..letter };
        put(coop, &number, tried.clone())?;
        let sent = self.send(coop.read().id(), &number, &tried);
        *self.trouble.lock().unwrap_or_else(PoisonError::into_inner) = sent.as_ref().err().map(|(why, _)| why.clone());
        match sent {
            Ok(()) => coop.write(move |batch| batch.delete(MAIL, number.as_bytes())),
            // The words of a letter that failed are nobody's business.
            Err((why, for_good)) if for_good || tries >= MOST_TRIES => {
                put(coop, &number, Letter { failed: Some(why), text: String::new(), ..tried })
            }
            Err(_) => Ok(()),
        }
    }

    /// Sends one; why not, and whether that is for good.
    fn send(&self, coop: &str, number: &str, letter: &Letter) -> Result<(), (String, bool)> {
        let to: Mailbox = letter.to.parse().map_err(|_| ("the address cannot be read".to_owned(), true))?;
        let host = self.from.email.domain();
        let message = Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(letter.subject.clone())
            .message_id(Some(format!("<{coop}.{number}@{host}>")))
            .header(ContentType::TEXT_PLAIN)
            .body(letter.text.clone())
            .map_err(|why| (why.to_string(), true))?;
        self.transport.send(&message).map(drop).map_err(|why| (why.to_string(), why.is_permanent()))
    }

    /// A warning for the operator, while letters are not sent.
    #[must_use]
    pub fn warning(&self, coop: &Shared) -> Option<String> {
        if coop.read().letters().is_ok_and(|letters| letters.len() >= MOST_WAITING) {
            return Some(format!("{MOST_WAITING} letters wait, and no more are written"));
        }
        let trouble = self.trouble.lock().unwrap_or_else(PoisonError::into_inner).clone();
        trouble.map(|why| format!("mail is not sent: {why}"))
    }
}

fn put(coop: &Shared, number: &str, letter: Letter) -> Result<(), Error> {
    let number = number.to_owned();
    coop.write(move |batch| batch.put_json(MAIL, &number, &letter))
}
