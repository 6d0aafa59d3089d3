//! The head and foot of every page, its banners, and the word of thanks after an act.

include!("frame.words");

/// The word of thanks after an act. Only these can be shown: an address must not put others into a page.
// flat: one match over the acts that have a word of thanks.
#[must_use]
pub fn done(act: &str) -> Option<&'static str> {
    match act {
        "ballot" => Some("Your ballot stands. It counts at the next update, and you can move it at any time."),
        "stand" => Some(
            "Your name is up. Give it some of your own attention here: a name without any drops out at the next update.",
        ),
        "withdraw" => Some("It is taken back. Votes for it count for nothing from the next update on."),
        "resign" => Some("You have given the seat back. It is vacant until somebody wins it."),
        "propose" => Some(
            "Your document is up. Give it some of your own attention here: a text without any drops out at the next update.",
        ),
        "propose-kernel" => {
            Some("Your kernel is up. Members can assent to it here; your own assent has to be given too.")
        }
        "assent" => Some("Your assent stands, and counts at every update until you take it back."),
        "assent-back" => Some("Your assent is taken back."),
        "withdraw-kernel" => Some("The proposed kernel is withdrawn, with every assent to it."),
        "fork-announce" => Some("It is announced, and you go with it. Others can say that they go too."),
        "fork-join" => Some("You go with it. Until it is carried out you can stay after all."),
        "fork-stay" => Some("You stay. Nothing has changed for you."),
        "nominate" => Some("Your attention is noted. It counts at the next update."),
        "shares" => Some("Your shares have moved. They count at the next update."),
        "update" => Some("The update has run: every decision was counted."),
        "joined" => Some("You are in. This browser stays signed in for as long as you come by once in 30 days."),
        "founded" => {
            Some("The co-op is founded, and you are its first member. Now invite the others: nobody decides alone.")
        }
        "admitted" => Some("They are admitted, and are in the register."),
        "agreed" => Some("You agreed. The act is done once enough have."),
        "disagreed" => Some("You no longer agree."),
        "taken-back" => Some("It is taken back, or proposed to be taken back."),
        "waits" => Some(
            "It waits: for the others to agree, or for its time. My page and the page of all that waits say which.",
        ),
        "on-list" => Some("They are on the list. It counts from the next update on."),
        "off-list" => Some("They are off the list. It counts from the next update on."),
        "item-opened" => Some("The item is open: members can support it."),
        "item-closed" => Some("The item is closed. Shares that were placed on it are free again."),
        "booked" => Some("The expense is booked."),
        "claimed" => Some("It waits for a yes."),
        "said-yes" => Some("You said yes."),
        "said-no" => Some("You said no: it does not count."),
        "claim-taken-back" => Some("You took it back."),
        "recorded" => Some("It is recorded, and counts from the next update on."),
        "known" => Some("Everything in it is known already: nothing was recorded."),
        "imported" => Some("It is imported. This is the report, and it is kept."),
        "token-ended" => Some("The token is ended: no program comes in by it any more."),
        "revoked" => Some("The invitation is taken back: its link is good for nothing."),
        "signed-out" => Some("You are signed out of this browser."),
        "walk-in" => Some("You are now acting as this member."),
        _ => None,
    }
}
