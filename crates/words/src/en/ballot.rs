//! The two sides of a ballot.

words! {
    FOR "for";
    AGAINST "against";
}
