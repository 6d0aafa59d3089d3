//! The first page.

words! {
    BEING_DECIDED "Being decided";
    nothing_counted_yet(next_update) "Nothing has been counted yet. The first update is {next_update}.";
}
