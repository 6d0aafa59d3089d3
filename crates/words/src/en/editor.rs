//! The editor of rules.

words! {
    IN_FORCE "the text in force";
    PROPOSED "the proposed text";
    which(which, title) "{which}, “{title}”";
}
