//! A member's own page.

words! {
    PLACE_IT "Place it";
    LOOK "Look";
    VOTE "Vote";
    TAKE_IT_BACK "Take it back";
    NOTHING_PLACED "Your weight is not placed anywhere.";
    share_not_placed(share) "{share} of your weight is not placed anywhere.";
    came_free(share, decision) "{share} of your weight came free: the rules no longer define {decision}.";
    item_closes(title, when) "“{title}”, which you support, closes {when}.";
    nomination_over(share, name, decision) "{share} of your weight still nominates {name} as {decision}, and that nomination is over: the share is free to go elsewhere.";
    changing(decision, outlook) "{decision}: {outlook}";
    nomination(decision, name) "{decision}: nomination of {name}";
    document_out(title, decision) "“{title}”, which you proposed for {decision}, does not fit the rules above it any more and is out.";
    NOTHING_COUNTED "There is nothing that could fade yet: weight is counted at the first update.";
    NOTHING_TO_FADE "There is nothing that could fade: you have no weight yet.";
    weight_stays(weight) "If you give nothing more, your weight stays at {weight} for the next year.";
    weight_gone(weight, month) "If you give nothing more, your weight of {weight} is gone by {month}.";
    weight_fades(from, to, month) "If you give nothing more, your weight goes from {from} to {to} by {month}.";
    lead(weight, share) "Weight {weight}, which is {share} of all weight.";
    WAITING "Waiting for me";
    NOTHING_WAITS "Nothing. Your ballots stand and count at every update by themselves.";
    MAY_DO "What I may do";
    AS_MEMBER_OF "As a member of";
    AS_HOLDER_OF "As holder of";
    may(power) "I may {power}.";
    HAPPENED "What happened";
    WHERE_PLACED "Where my weight is";
    NONE_PLACED "None of it is placed. ‹Decisions› and ‹priorities› are where it counts.";
    PLACED_ON "Placed on";
    SHARE "Share, %";
    share_on(title, side) "Share on {title}, {side}, in percent";
    NOT_PLACED "not placed";
    MOVE "Move my shares";
    NOTHING_MOVED "Nothing: these are the shares that stand.";
    left_to_place(share) "{share} of your weight would be left to place.";
    VOTES_OF_A_SHARE "Votes are what a full score makes of the share.";
    WHY "Why I have this weight";
    IF_NOTHING_MORE "If I give nothing more";
}
