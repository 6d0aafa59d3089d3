//! The past under other rules.

words! {
    NOT_OPEN "not open";
    OPEN "open";
    instead_of(instead, happened) "{instead} instead of {happened}";
}
