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
    TITLE "Leaving together";
    LEAVE "Leave together";
    ABOUT "Members who cannot agree with the rest may go and found a co-op of their own. Nobody can keep them, and nobody who stays loses their say.";
    GOES_ALONG "What goes along";
    KERNEL_SAYS "The kernel says so, and members who go accept it. The co-op that is left notes who went; the new one's log begins with a signed pointer into this one.";
    ANNOUNCED "Announced";
    NONE_ANNOUNCED "Nobody is about to leave.";
    going(count) "Who goes ({count}):";
    OTHERS " and others";
    THEIR_RULES "Their rules:";
    AS_THE_KERNEL " as the kernel,";
    AS_THE_CONSTITUTION " as the constitution.";
    GO_WITH_IT "Go with it";
    STAY "Stay after all";
    UNTIL_CARRIED_OUT "Until it is carried out everyone who goes is a member here like all others. The operator carries it out, with no server running:";
    ANNOUNCE "Announce";
    ANNOUNCE_ANOTHER "Announce a new co-op";
    PICK_A_MEMBER "Pick a member";
    TO_GO_ALONG " to go along or to announce a new co-op.";
    WHO_HAS_LEFT "Who has left";
    went(count) "Who left ({count}):";
    NEW_ID "The new co-op's id is";
    CHOSEN_RULES "The rules that they chose";
    NOTHING_MOVES_YET "You go with it yourself, and others can say that they go too. Nothing moves until the operator carries it out; you can stay after all until then.";
    NAME_AND_RULES "Its name and its rules";
    NAME "Name";
    NAME_HINT "At most 40 lower-case letters, digits and single hyphens, a letter first.";
    KERNEL_HINT "The currency stays the same, so that the money can go along.";
    verdicts(kernel, constitution) "Kernel: {kernel} Constitution: {constitution}";
    WRONG_IN_KERNEL "What is wrong in the kernel";
    WRONG_IN_CONSTITUTION "What is wrong in the constitution";
    KERNEL_IN_PLAIN_ENGLISH "The kernel in plain English";
    CONSTITUTION_IN_PLAIN_ENGLISH "The constitution in plain English";
}
