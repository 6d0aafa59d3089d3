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
}
