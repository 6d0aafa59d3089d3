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
        "asked" => Some("Your project asks. Nobody of its own people can vote for it, so tell others about it."),
        "project-pledged" => {
            Some("Your pledge stands. It is charged once the project is funded, and yours until then.")
        }
        "pledge-back" => Some("Your pledge is taken back, and held for you."),
        "given-to-pool" => Some("It is the pool's now."),
        "requested" => Some("Your request stands. Those whom it pays cannot vote on it, so tell others about it."),
        "request-withdrawn" => Some("It is taken back, and the weight on it is free again."),
        "project-withdrawn" => Some("It is taken back, and so is every pledge to it."),
        "option" => Some(
            "Your option is up. Give it some of your own attention here: an option without any drops out at the next update.",
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
        "signed-in" => Some("You are signed in."),
        "proven" => Some("You have shown who you are. For five minutes you can change your ways in."),
        "way-added" => Some("It is added. Your other browsers are told."),
        "way-removed" => Some("It is removed. Your other browsers are told."),
        "address-back" => Some("The address is put back. Now sign in, and look at your ways in."),
        "session-ended" => Some("The browser is signed out."),
        "all-ended" => Some("All other browsers are signed out, and all your tokens are ended."),
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
        "item-brought" => Some("Your item is open: members can support it, and so can you."),
        "item-taken-back" => Some("You took your item back. Shares that were placed on it are free again."),
        "device-enrolled" => Some("The device is enrolled. The page says from when on it signs."),
        "device-confirmed" => Some("You confirmed the device."),
        "device-revoked" => Some("The device is revoked: it signs nothing any more."),
        "device-sign-only" => Some("Acts in your name are taken with a signature only, from now on."),
        "device-not-sign-only" => Some("Acts in your name are taken without a signature too."),
        "booked" => Some("The expense is booked."),
        "pledged" => {
            Some("Your pledge is entered, and counts from the next update on as far as your gifts bear it out.")
        }
        "pledge-ended" => Some("You pledge nothing any more."),
        "claimed" => Some("It waits for a yes."),
        "said-yes" => Some("You said yes."),
        "said-no" => Some("You said no: it does not count."),
        "hearing-opened" => Some("The hearing is open. The member is told, and can answer."),
        "hearing-answered" => Some("Your answer is there, for everyone who sees these pages."),
        "hearing-proposed" => Some("It is proposed, and waits for others of the seats."),
        "notice" => Some("Your notice is received."),
        "rests" => Some("Your membership rests."),
        "goes-on" => Some("Your membership goes on, and counts from the next update on."),
        "application-yes" => Some("You said yes."),
        "application-no" => Some("You said no, or vouch no more."),
        "application-admitted" => Some("You admitted them, or said so: it takes effect as every admission."),
        "application-refused" => Some("You said no to the application."),
        "application-given" => Some("The gift is recorded, and they are let in."),
        "who-same" => Some("You said that they are one person. Below is what comes next."),
        "who-two" => Some("You said that they are two people. It is not asked again."),
        "who-later" => Some("Others are asked first."),
        "claim-taken-back" => Some("You took it back."),
        "recorded" => Some("It is recorded, and counts from the next update on."),
        "known" => Some("Everything in it is known already: nothing was recorded."),
        "moved-in" => Some("The co-op has moved in. This is the report, and it is kept."),
        "heard" => Some("Its source was heard: everything in it is recorded, or it had nothing new."),
        "expected" => Some("It is noted how often the source is expected."),
        "imported" => Some("It is imported. This is the report, and it is kept."),
        "outbox" => Some("It is noted. The outbox acts within seconds, or when the forge lets it."),
        "outlet" => Some("It is saved. Outcomes from now on go out as it says."),
        "test-ended" => Some("The test co-op is thrown away. Nothing of it is left, and nothing was written here."),
        "token-ended" => Some("The token is ended: no program comes in by it any more."),
        "bridge-go" => Some("The bridge is going: the forge is read now, and again and again."),
        "bridge-made" => Some("The bridge is made, and waits for Go. Test shows whether it can be read."),
        "bridge-pause" => Some("The bridge is paused: nothing comes in by it. It goes on from here when you press Go."),
        "bridge-remove" => Some("The bridge is removed. All that it has recorded stays."),
        "bridge-bots" => Some("The names are kept. Their work is left out from now on; what is recorded stays."),
        "bridge-token" => Some("The token is kept, wrapped. Test shows whether the forge takes it."),
        "published" => Some("It is out. The log has the hashes of its files."),
        "release-waits" => Some("It waits for the others to agree. Its files are kept meanwhile."),
        "release-withdrawn" => Some("It is withdrawn, and its files are erased."),
        "revoked" => Some("The invitation is taken back: its link is good for nothing."),
        "signed-out" => Some("You are signed out of this browser."),
        "walk-in" => Some("You are now acting as this member."),
        _ => None,
    }
}
