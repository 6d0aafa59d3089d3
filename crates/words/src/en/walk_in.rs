//! Picking a member to act as.

words! {
    LEAD "Choose who to be while you try things out.";
    STAYS_HERE "Everything you do stays on this machine and is gone when the demonstration ends.";
    NOBODY_TO_BE "The register is empty, so there is nobody to be.";
    PAGES "Members, page by page";
    more_of(found) "More of {found}";
    FROM_THE_LIST "pick a member from the list";
}
