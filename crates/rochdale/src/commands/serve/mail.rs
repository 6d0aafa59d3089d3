//! The server of mail that `serve` is told. Its secret is in a file, never on the command line, where other users of the machine read it.

use std::path::PathBuf;
use std::sync::Arc;

use host::Shared;
use host::mail::Post;
use web::{App, Transport};

use crate::exit::{Exit, warn};

/// Letters to members.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Mail")]
pub(super) struct MailArgs {
    /// A server of mail, by which members get links to sign in, and are told what changes; without it nothing is sent
    #[arg(long, value_name = "smtp://HOST:PORT", requires_all = ["mail_from", "address"])]
    mail: Option<String>,
    /// The mail address from which letters come
    #[arg(long, value_name = "ADDRESS", requires = "mail")]
    mail_from: Option<String>,
    /// Where browsers find this server: links in letters begin with it
    #[arg(long, value_name = "https://HOST", requires = "mail")]
    address: Option<String>,
    /// A file with a name and a secret for the server of mail, a line each
    #[arg(long, value_name = "FILE", requires = "mail")]
    mail_secret: Option<PathBuf>,
}

impl MailArgs {
    /// Whether a server of mail is told.
    pub(super) fn is_on(&self) -> bool {
        self.mail.is_some()
    }

    /// A server for members, with letters where a server of mail is told.
    pub(super) fn app(&self, coop: Arc<Shared>, transport: Transport) -> Result<App, Exit> {
        if !self.is_on()
            && let Err(why) = coop.set_mail(None)
        {
            warn(&why.to_string());
        }
        let app = App::invited(coop, transport).map_err(|why| Exit::world(why.to_string()))?;
        let (Some(server), Some(from), Some(address)) = (&self.mail, &self.mail_from, &self.address) else {
            return Ok(app);
        };
        let is_web = |start: &str| address.strip_prefix(start).is_some_and(|host| !host.is_empty());
        if !is_web("https://") && !is_web("http://") {
            return Err(Exit::input(format!(
                "`{address}` is no address of a server: write https:// and the host by which browsers find it"
            )));
        }
        let post = Post::by(server, from, self.login()?).map_err(|why| Exit::input(why.to_string()))?;
        app.mailing(post, address).map_err(|why| Exit::world(why.to_string()))
    }

    fn login(&self) -> Result<Option<(String, String)>, Exit> {
        let Some(file) = &self.mail_secret else { return Ok(None) };
        let shown = file.display();
        let text =
            std::fs::read_to_string(file).map_err(|why| Exit::input(format!("`{shown}` cannot be read: {why}")))?;
        let mut lines = text.lines().map(str::trim);
        match (lines.next(), lines.next()) {
            (Some(name), Some(secret)) if !name.is_empty() && !secret.is_empty() => {
                Ok(Some((name.to_owned(), secret.to_owned())))
            }
            _ => Err(Exit::input(format!("`{shown}` has a name on its first line and a secret on its second"))),
        }
    }
}
