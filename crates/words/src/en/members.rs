//! The register.

words! {
    NO_VOTES "no votes placed";
    votes_on(decisions) "votes on {decisions}";
    NO_WEIGHT "no weight now";
    weight(weight) "weight {weight}";
    NOBODY_HAS_WEIGHT "Nobody has weight yet.";
    TENTH "tenth";
    heaviest(part, share) "The heaviest {part} of members hold {share} of all weight.";
    square_root(formula) "the square root of ({formula})";
    earned(formula) "Weight is {formula}.";
    earned_on_list(list, formula) "Weight for those on the {list} is {formula}.";
    lead(all, weighty) "{all} in the register, {weighty} of them with weight now. Weight is earned by what members give, and fades when they stop.";
    CLASSES "Classes";
    class(members, share) "{members} members · {share} of all weight";
    CURVE "Who weighs how much";
    REGISTER "Register";
    INVITE "Invite members";
    FIND_A_MEMBER "Find a member";
    FIND "Find";
    EMPTY "The register is empty. Members come with the first import or invitation.";
    no_match(query) "No member matches “{query}”.";
    matches(found, query) "{found} match “{query}”.";
    HEAVIEST_FIRST "The register, heaviest first";
    WEIGHT "Weight";
    OF_ALL "Of all";
    NO_CLASS "in no class";
    PAGES "Register, page by page";
    HEAVIER "Heavier";
    LIGHTER "Lighter";
    one(weight, share) "Weight {weight} · {share} of all weight · in the register";
    OFFICES "Holds";
    WHERE_FROM "Where this weight comes from";
    in_the_log(member) "In the log as `{member}`. On the command line: `rochdale weights DIR --member {member} --explain`";
    ALL "All members";
}
