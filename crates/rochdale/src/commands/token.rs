//! `rochdale token`: the tokens by which programs come in, made where the log is. The operator may make one for recording, and any
//! for a member; pages let members make their own (docs/spec/api.md).

use std::path::{Path, PathBuf};

use host::gate::{MOST_TOKEN_DAYS, NoToken, Scopes, TOKEN_DAYS, Token};
use host::inbox::Kinds;
use host::{Snapshot, clock};
use quantity::Moment;
use serde_json::json;

use crate::caller::Caller;
use crate::commands::{print, print_json, read, table};
use crate::exit::Exit;

#[derive(Debug, clap::Args)]
pub struct TokenCommand {
    /// The co-op's folder
    #[arg(value_name = "DIR")]
    dir: PathBuf,
    /// The token's name, by which reports call it
    #[arg(value_name = "NAME", required_unless_present_any = ["list", "end"])]
    name: Option<String>,
    /// To record these kinds, parted by commas: purchase, hours, members, items, book and the others; everything without any
    #[arg(long, value_name = "KINDS", num_args = 0..=1, default_missing_value = "")]
    record: Option<String>,
    /// To hand in acts as the member
    #[arg(long, requires = "member")]
    act: bool,
    /// To read what the member may
    #[arg(long, requires = "member")]
    read: bool,
    /// Whose token it is: a name, a mail address or a pseudonym; the operator's without one
    #[arg(long = "as", value_name = "MEMBER")]
    member: Option<String>,
    /// The days for which it is good
    #[arg(long = "for", value_name = "DAYS", default_value_t = TOKEN_DAYS, value_parser = clap::value_parser!(u32).range(1..=i64::from(MOST_TOKEN_DAYS)))]
    days: u32,
    /// Show the tokens and their states
    #[arg(long, conflicts_with_all = ["name", "end"])]
    list: bool,
    /// End a token for good, by its id in the list
    #[arg(long, value_name = "ID", conflicts_with = "name")]
    end: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// As many letters of a hash name a token.
const ID_LETTERS: usize = 16;

impl TokenCommand {
    pub fn run(self, caller: &Caller) -> Result<(), Exit> {
        match (&self.name, &self.end) {
            (Some(name), _) => self.make(caller, name),
            (None, Some(id)) => self.end(caller, id),
            (None, None) => self.list(),
        }
    }

    /// The folder of the co-op that it writes, unless it only lists.
    pub fn writes(&self) -> Option<&Path> {
        (!self.list).then_some(&*self.dir)
    }

    fn make(&self, caller: &Caller, name: &str) -> Result<(), Exit> {
        let record = self.record.as_deref().map(Kinds::parse).transpose().map_err(Exit::input)?;
        let scopes = Scopes { read: self.read, act: self.act, record };
        let mut coop = caller.write(&self.dir)?;
        let (now, days, name) = (clock::now(), self.days, name.to_owned());
        let (wanted, asked) = (self.member.clone(), scopes.clone());
        let secret = coop.write(move |batch| {
            let member = match &wanted {
                None => None,
                Some(wanted) => match batch.find_member(wanted)? {
                    Some(member) => Some(member),
                    None => return Err(Exit::no(format!("nobody here is called `{wanted}`"))),
                },
            };
            batch.make_token(&name, member, asked, days, now).map_err(|why| match why {
                NoToken::Asked(words) => Exit::input(words),
                NoToken::Failed(error) => error.into(),
            })
        })?;
        let until = Moment(now.0.saturating_add(DAY_US.saturating_mul(self.days.into())));
        if self.json {
            return caller
                .print_json(&json!({ "token": secret, "until": until.to_string(), "scopes": scopes_words(&scopes) }));
        }
        caller.print(&format!(
            "The token may {}, until {}. It is shown this once:\n{secret}\n",
            scopes_words(&scopes),
            shown(&coop.read(), until)
        ))
    }

    fn list(&self) -> Result<(), Exit> {
        let coop = read(&self.dir)?;
        let now = clock::now();
        let mut kept = coop.tokens()?;
        kept.sort_by_key(|(_, one)| std::cmp::Reverse(one.made_us));
        let name = |one: &Token| one.member.map_or_else(|| "the operator".to_owned(), |who| coop.directory().name(who));
        if self.json {
            let all = kept.iter().map(|(hash, one)| {
                json!({
                    "id": id(hash),
                    "name": one.name,
                    "member": one.member.map(|who| who.to_string()),
                    "scopes": scopes_words(&one.scopes),
                    "until": Moment(one.until_us).to_string(),
                    "used": one.used_us.map(|used| Moment(used).to_string()),
                    "is": standing(one, now),
                })
            });
            return print_json(&json!({ "tokens": all.collect::<Vec<_>>() }));
        }
        if kept.is_empty() {
            return print("no tokens\n");
        }
        let mut rows = vec![["id", "name", "of", "may", "last used", "good until", "is"].map(str::to_owned).to_vec()];
        rows.extend(kept.iter().map(|(hash, one)| {
            vec![
                id(hash),
                one.name.clone(),
                name(one),
                scopes_words(&one.scopes),
                one.used_us.map_or_else(|| "never".to_owned(), |used| shown(&coop, Moment(used))),
                shown(&coop, Moment(one.until_us)),
                standing(one, now).to_owned(),
            ]
        }));
        print(&table(&rows))
    }

    fn end(&self, caller: &Caller, start: &str) -> Result<(), Exit> {
        let mut coop = caller.write(&self.dir)?;
        let (now, wanted) = (clock::now(), start.to_owned());
        let ended = coop.write(move |batch| Ok::<_, Exit>(batch.end_token(&wanted, None, now)?))?;
        let name = ended.ok_or_else(|| Exit::no(format!("no open token has the id `{start}`")))?;
        if self.json {
            return caller.print_json(&json!({ "ended": start, "name": name }));
        }
        caller.print(&format!("the token `{name}` is ended\n"))
    }
}

const DAY_US: i64 = 86_400_000_000;

fn id(hash: &str) -> String {
    hash.chars().take(ID_LETTERS).collect()
}

fn scopes_words(scopes: &Scopes) -> String {
    let record = scopes.record.as_ref().map(|kinds| format!("record {}", kinds.words()));
    let own = [(scopes.read, "read"), (scopes.act, "act as the member")];
    let own = own.into_iter().filter(|(may, _)| *may).map(|(_, words)| words.to_owned());
    own.chain(record).collect::<Vec<_>>().join(", ")
}

fn standing(token: &Token, now: Moment) -> &'static str {
    match (token.ended_us, token.is_open(now)) {
        (Some(_), _) => "ended",
        (None, true) => "open",
        (None, false) => "over",
    }
}

/// Returns a time as pages show it, with the co-op's zone.
fn shown(coop: &Snapshot, at: Moment) -> String {
    let zone = &coop.state().rules.kernel.zone;
    format!("{} ({})", views::moment(at, zone).text, zone.name())
}
