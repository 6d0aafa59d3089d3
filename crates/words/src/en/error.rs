//! The page for every “no” and every failure.

#![allow(rustdoc::broken_intra_doc_links, reason = "an address in brackets is no link")]

words! {
    WAYS_OUT "What you can do";
    KEPT "Nothing was changed, and nothing was lost.";
    GO_HOME "Go to the home page";
    REFUSED "The rules say no";
    BALLOTS_KEPT "Nothing was changed: your ballots stand as they did, and no entry was made in the log.";
    ABSENT "There is nothing at this address";
    MISTYPED "The address may be mistyped, or its page has closed.";
    SEE_DECISIONS "See every decision";
    NOBODY "This needs a member";
    NOT_ACTING "You are not acting as any member now. Sessions end when the server starts again.";
    NOT_SIGNED_IN "You are not signed in here. A session ends when you sign out, after 30 days without a visit, and with the membership.";
    ASK_FOR_LINK "Members come in by a link of their own: ask whoever invites members, or the operator of this server, for a new one";
    READ_ONLY "Nobody can act on this server: it is for reading only.";
    INVITATION_OVER "This invitation is over";
    ASK_AGAIN "Ask whoever invited you for a new link";
    TOO_MANY "Too many tries";
    WAIT "Too many wrong codes came from your address, or too many people come in at once. Wait ten minutes, then try again.";
    BAD_INPUT "This could not be read";
    GO_BACK "Go back: your browser keeps what you typed";
    CROSS_SITE "This came from another site";
    STOPPED "Another site's page tried to act here in your name, so it was stopped.";
    MISDIRECTED "This server goes by another name";
    LOCAL_NAMES "A server that lets anyone walk in answers only to localhost, 127.0.0.1 and [::1].";
    WRONG_METHOD "This address does not take that";
    ADDRESS_EXISTS "The address exists, but not for what was sent to it.";
    TOO_LARGE "This was too much at once";
    AT_MOST "At most 64 KiB can be sent at once.";
    UNREADY "The server cannot answer right now";
    STARTING "It may still be starting, or its store may be out of reach.";
    TRY_AGAIN "Try again in a few seconds";
    NO_COOP "No co-op is here yet";
    LOOK_IN_TERMINAL "The person who started this server finds in its terminal the address of the page where one is founded, with the code that belongs to it.";
}
