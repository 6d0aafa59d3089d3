//! Names of decisions, candidates and items.

words! {
    OFFICE "office";
    BODY "body";
    DOCUMENT "document";
    CONSTITUTION "constitution";
    RANKING "ranking";
    PRIORITIES "Priorities";
    KERNEL "Kernel";
    NOBODY "nobody";
    quoted(title) "“{title}”";
}
