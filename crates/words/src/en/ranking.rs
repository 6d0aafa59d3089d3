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
}
