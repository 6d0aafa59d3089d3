//! Priorities, and what closes.

words! {
    ONE_OPEN "the 1 open item";
    open(count) "{count} open items";
    NONE_OPEN "No item is open.";
    none_closes(of) "None of {of} closes within a month.";
    one_closes(of) "One of {of} closes within a month unless someone supports it.";
    some_close(count, of) "{count} of {of} close within a month unless someone supports them.";
    closes(when) "closes {when} unless someone supports it";
    without_support(length) "{length} without support";
    CLOSED_ELSEWHERE "closed where it came from";
    LEAD "In the order of the support that members give. Support counts until it is moved, and an item that nobody supports for long enough closes by itself.";
    free(share) "You have *{share}* of your weight left to place.";
    ONLY_MEMBERS "Only members place support.";
    NO_RANKING "The constitution opens no ranking, so nothing is put in order here.";
    NONE_LISTED "No item is listed yet.";
    NONE_OPEN_NOW "No item is open now.";
    FROM_THE_FORGE "Items come from the forge (`rochdale import github-issues FILE --dir DIR`) or from the operator.";
    NO_SUPPORT "Nobody with weight supports it now";
    votes_for(votes, members) "{votes} votes for, from {members}";
    votes_against(votes, members) "{votes} against, from {members}";
    LEVEL "level with the next, and older";
    ahead(votes) "{votes} ahead of the next";
    days_left(left, of) "{left} of {of} days left";
    my_support(share, side) "My support: {share} % {side}";
    SUPPORT "Support";
    support_for(item) "for {item}";
    my_ballot_on(item) "My ballot on {item}";
    FOR_AND_AGAINST "support for and against";
    CLOSED "Closed for want of support";
}
