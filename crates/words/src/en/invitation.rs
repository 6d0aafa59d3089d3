//! Invitations, and those who make them.

words! {
    TITLE "Invitation";
    invitation_for(name) "Invitation for {name}";
    welcome(coop) "Welcome to {coop}";
    COME_IN "Come in";
    INVITES_YOU "invites you to take part as";
    YOU_ARE_INVITED "You are invited to take part as";
    IN_THAT_NAME ". In this browser you can then vote, stand for offices and propose texts in that name.";
    until_you_go_on(name) "In this browser you act as {name} now, until you go on.";
    come_in_as(name) "Come in as {name}";
    GOOD_ONCE "Good once, until";
    pass_it_on_to_nobody(name) ". Anyone who has this address can use it: pass it on to nobody. If you are not {name}, close the page and nothing happens.";
    RULES_IN_SHORT "The rules in short";
    earned(classes) "Weight, which is how much say somebody has, is earned as one of the {classes}.";
    MEMBERS_DECIDE "Members decide about:";
    INVITE "Invite members";
    MEMBERS "Members";
    LINK_OF_THEIR_OWN "Each person gets a link of their own. It is good once, for 14 days, and whoever opens it acts in that person’s name: send it to nobody else.";
    SEND_NOW "Send these links now";
    SHOWN_ONCE "They are shown this once. Only their hashes are kept, so nobody can look them up again.";
    MAY_NOT "The rules do not let you admit members";
    WHO_JOINS "Who joins?";
    WHO_ELSE_JOINS "Who else joins?";
    nobody_was_invited(problem) "Nobody was invited: {problem}. All that you typed is still here.";
    NAMES "Names, a line each";
    NAMES_HINT "At most 100 at once. The name is shown in the register; the log holds a pseudonym instead.";
    THEY_ARE_ALSO "From the first day they are also";
    one_of(class) "one of the {class}";
    ADMIT_AND_INVITE "Admit and invite them";
    FOUNDER_UNTIL "You may because you founded the co-op, until";
    AFTERWARDS ". Afterwards only those whom the rules give the power to admit.";
    OPEN "Invitations that are open";
    NONE_OPEN "None. Those that you make are listed here until they are used.";
    good_until(day) "good until {day}";
    TAKE_BACK "Take back";
    invitation_of(name) "the invitation of {name}";
    FOUNDER_ALONE "only the founder puts newcomers on lists here";
    name_taken(name) "`{name}` is in the register already: the operator invites members with `rochdale invite`; if this is somebody else, add to the name";
    NO_NAMES "write at least one name, a line each";
    too_many_names(count, most) "these are {count} names, and {most} can be invited at once";
    name_twice(name) "`{name}` is there twice: give each person a name that nobody else has";
    USED "This invitation was used already: each is good once, in one browser.";
    REVOKED "This invitation was taken back, or a newer one took its place.";
    EXPIRED "This invitation has expired.";
    ENDED "The membership that this invitation was for has ended.";
}
