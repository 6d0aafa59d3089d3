//! Powers of those who hold offices and seats, and the limits of their spending.

words! {
    ADMIT "Admit a member";
    KEEP_LIST "Put on a list, or take off";
    CLOSE_ISSUE "Open or close an item";
    SPEND "Book an expense";
    TODAY "today";
    THIS_WEEK "this week";
    THIS_MONTH "this month";
    THIS_QUARTER "this quarter";
    THIS_YEAR "this year";
    FOR_ALL " for all offices and bodies together";
    for_all_of(path) " for all of {path} together";
    left(left, most, period, whose) "{left} of {most} of {period} are left{whose}";
    spent(most, whose, period, spent) "Of the {most}{whose} of {period} {spent} are spent.";
}
