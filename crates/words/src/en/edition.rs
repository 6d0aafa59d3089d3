//! The edition of the program's rules of a log.

words! {
    TITLE "Edition";
    under(edition) "This log goes on under {edition} of the program’s rules, and replays under them for ever.";
    open(edition) "{edition} is still open: its rules may yet change, and then this log may stop replaying.";
    announced(edition, day) "{edition} was announced on {day}.";
    by_time(update) "It takes effect at the first update that is 30 days later or more: at the earliest {update}.";
    by_members(share) "It takes effect once members have agreed to it as they agree to another kernel: {share} of all weight agrees now.";
    adopted(edition) "The log goes on under {edition} of the program’s rules";
    LEAVE "Members who do not want to go along can leave together meanwhile.";
    NOTHING_DIFFERS "Nothing in this log would have come out differently under it so far.";
    DIFFERENCES "What would have come out differently so far";
    more(count) "… and {count} more";
    AGREE "Agree";
    TAKE_BACK "Take my agreement back";
}
