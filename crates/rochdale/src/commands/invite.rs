//! `rochdale invite`: links by which members come in, made where the log is. The operator may make one for any member; pages let
//! members do less (docs/spec/first-run.md).

use std::path::{Path, PathBuf};

use engine::power::Announced;
use engine::{Actor, Pseudonym};
use host::gate::{INVITATION_DAYS, MOST_INVITATION_DAYS, Standing, announced_admission, check_name};
use host::{Batch, Person, Snapshot, clock};
use quantity::Moment;
use serde_json::json;

use crate::caller::Caller;
use crate::commands::weights::named as whom;
use crate::commands::{print, print_json, read, table};
use crate::exit::Exit;

#[derive(Debug, clap::Args)]
pub struct Invite {
    /// The co-op's folder
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    /// The member: a name, a mail address or a pseudonym; a new name joins the register
    #[arg(value_name = "NAME", required_unless_present_any = ["list", "revoke"])]
    name: Option<String>,
    /// Admit a new name as this holder of an office would, a name or a pseudonym: the log says that the operator says so (`desk`).
    /// Without it, the operator admits
    #[arg(long = "as", value_name = "MEMBER", conflicts_with_all = ["list", "revoke"])]
    holder: Option<String>,
    /// The days for which the link is good
    #[arg(long = "for", value_name = "DAYS", default_value_t = INVITATION_DAYS, value_parser = clap::value_parser!(u32).range(1..=i64::from(MOST_INVITATION_DAYS)))]
    days: u32,
    /// The server's address for members' browsers
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:1844")]
    address: String,
    /// Show the invitations and their states
    #[arg(long, conflicts_with_all = ["name", "revoke"])]
    list: bool,
    /// Take back somebody's open invitation, by its member or by its id in the list
    #[arg(long, value_name = "NAME", conflicts_with = "name")]
    revoke: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// As many letters of a hash name an invitation.
const ID_LETTERS: usize = 16;

impl Invite {
    pub fn run(self, caller: &Caller) -> Result<(), Exit> {
        match (&self.name, &self.revoke) {
            (Some(name), _) => self.invite(caller, name),
            (None, Some(name)) => self.revoke(caller, name),
            (None, None) => self.list(),
        }
    }

    fn invite(&self, caller: &Caller, name: &str) -> Result<(), Exit> {
        let address = address(&self.address)?;
        let mut coop = caller.write(&self.dir)?;
        let now = clock::now();
        let actor = match &self.holder {
            Some(holder) => Actor::Desk(whom(coop.find_member(holder)?, holder)?),
            None => Actor::Operator,
        };
        let (days, wanted) = (self.days, name.to_owned());
        let (member, known, code) = coop.write(move |batch| {
            let known = batch.find_member(&wanted)?;
            let member = match known {
                Some(member) => member,
                None => {
                    check_name(&wanted).map_err(Exit::input)?;
                    let person = Person { name: wanted.trim().to_owned(), ..Person::default() };
                    batch.member_for(&person, actor, now)?
                }
            };
            Ok::<_, Exit>((member, known, batch.invite(member, None, days, now)?))
        })?;
        let coop = coop.read();
        let link = format!("{address}/invitation/{code}");
        let until = Moment(now.0.saturating_add(DAY_US.saturating_mul(self.days.into())));
        let name = coop.directory().name(member);
        let takes_effect = announced_admission(coop.state(), member).map(Announced::due);
        if let Some(due) = takes_effect {
            return self.invited_later(caller, &coop, (member, &name), due, &link);
        }
        if self.json {
            return caller.print_json(&json!({
                "member": member.to_string(),
                "name": name,
                "link": link,
                "until": until.to_string(),
            }));
        }
        let joined = if known.is_none() { " joins the register and" } else { "" };
        caller.print(&format!(
            "{name}{joined} is invited. The link is good once, until {}; it is shown this once:\n{link}\n",
            shown(&coop, until)
        ))
    }

    /// Reports an invitation for somebody whose admission is announced.
    fn invited_later(
        &self,
        caller: &Caller,
        coop: &Snapshot,
        (member, name): (Pseudonym, &str),
        due: Moment,
        link: &str,
    ) -> Result<(), Exit> {
        if self.json {
            return caller.print_json(&json!({
                "member": member.to_string(),
                "name": name,
                "link": link,
                "takes_effect": due.to_string(),
            }));
        }
        let days = self.days;
        caller.print(&format!(
            "The admission of {name} is announced, and can be taken back until it takes effect: on {} at the earliest. The link is good once, for {days} days from then; it is shown this once:\n{link}\n",
            shown(coop, due)
        ))
    }

    /// The folder of the co-op that it writes, unless it only lists.
    pub fn writes(&self) -> Option<&Path> {
        (!self.list).then_some(&*self.dir)
    }

    fn list(&self) -> Result<(), Exit> {
        let coop = read(&self.dir)?;
        let now = clock::now();
        let mut kept = coop.invitations()?;
        kept.sort_by_key(|(_, one)| std::cmp::Reverse(one.made_us));
        let standing = |one| in_words(coop.standing(one, now));
        if self.json {
            let all = kept.iter().map(|(hash, one)| {
                json!({
                    "id": id(hash),
                    "member": one.member.to_string(),
                    "name": coop.directory().name(one.member),
                    "by": one.by.map(|by| by.to_string()),
                    "until": coop.good_until(one).to_string(),
                    "standing": standing(one),
                })
            });
            return print_json(&json!({ "invitations": all.collect::<Vec<_>>() }));
        }
        if kept.is_empty() {
            return print("no invitations\n");
        }
        let mut rows = vec![["id", "member", "good until", "is"].map(str::to_owned).to_vec()];
        rows.extend(kept.iter().map(|(hash, one)| {
            vec![
                id(hash),
                coop.directory().name(one.member),
                shown(&coop, coop.good_until(one)),
                standing(one).to_owned(),
            ]
        }));
        print(&table(&rows))
    }

    fn revoke(&self, caller: &Caller, name: &str) -> Result<(), Exit> {
        let mut coop = caller.write(&self.dir)?;
        let (now, wanted) = (clock::now(), name.to_owned());
        let (hash, member) = coop.write(move |batch| {
            let none = || Exit::no(format!("no invitation of `{wanted}` is open"));
            let hash = named(batch, &wanted, now)?.ok_or_else(none)?;
            let member = batch.revoke(&hash, now)?;
            Ok::<_, Exit>((hash, member))
        })?;
        let whose = member.map_or_else(|| name.to_owned(), |member| coop.read().directory().name(member));
        if self.json {
            return caller.print_json(&json!({ "revoked": id(&hash), "name": whose }));
        }
        caller.print(&format!("the invitation of {whose} is taken back\n"))
    }
}

/// Checks the beginning of links: they go on behind it, so it has no query and no fragment.
fn address(text: &str) -> Result<&str, Exit> {
    let text = text.trim_end_matches('/');
    let rest = ["http://", "https://"].iter().find_map(|scheme| text.strip_prefix(scheme));
    let goes_on = |letter: char| letter.is_whitespace() || letter.is_control() || "?#\\\"<>".contains(letter);
    match rest {
        Some(rest) if !rest.is_empty() && !rest.starts_with('/') && !rest.contains(goes_on) => Ok(text),
        _ => Err(Exit::input(format!(
            "`{text}` is not an address such as https://coop.example: http or https, and no `?` or `#`"
        ))),
    }
}

/// Returns a time as pages show it, with the co-op's zone.
fn shown(coop: &Snapshot, at: Moment) -> String {
    let zone = &coop.state().rules.kernel.zone;
    format!("{} ({})", views::moment(at, zone).text, zone.name())
}

const DAY_US: i64 = 86_400_000_000;

/// Returns the hash of the open invitation that a member has, or that an id names.
fn named(batch: &mut Batch<'_>, name: &str, now: Moment) -> Result<Option<String>, Exit> {
    let kept = batch.invitations()?;
    let member = batch.find_member(name)?;
    let mut open = kept.into_iter().filter(|(_, one)| one.standing(now) == Standing::Open);
    let found = open.find(|(hash, one)| Some(one.member) == member || id(hash) == name);
    Ok(found.map(|(hash, _)| hash))
}

fn id(hash: &str) -> String {
    hash.chars().take(ID_LETTERS).collect()
}

fn in_words(standing: Standing) -> &'static str {
    match standing {
        Standing::Open => "open",
        Standing::Waiting => "waiting for the admission",
        Standing::Used => "used",
        Standing::Revoked => "taken back",
        Standing::Expired => "expired",
        Standing::Ended => "of a former member",
    }
}
