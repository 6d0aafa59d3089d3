//! Leaving together.

words! {
    text_for(fork) "for the fork {fork}";
    announced_by(name, day) "{name} announced it on {day}.";
    completed(day, members, along) "Completed on {day}: {members} left, and {along}.";
    NO_MONEY_WENT "no money went along";
    money_went(amount) "{amount} went along";
    all_stays(whole) "The co-op has {whole} today. All of it stays.";
    tenth_by_head(whole, part) "The co-op has {whole} today: members who are a tenth of all members would take {part} along.";
    tenth_by_weight(whole, part) "The co-op has {whole} today: members who hold a tenth of all weight would take {part} along.";
    if_one_left(part, whole) "If the one who goes left today, {part} of {whole} would go along.";
    if_many_left(many, part, whole) "If the {many} who go left today, {part} of {whole} would go along.";
}
