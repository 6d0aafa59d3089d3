//! The book: sums by month and year, and every entry.

words! {
    IN_HAND "in hand";
    AS_OF "as of";
    FLOW "From where to where";
    NO_BOOK "The book is empty. Import the co-op's records to fill it.";
    BY_MONTH "Month by month";
    BY_YEAR "Year by year";
    SUMS_BY_YEAR "Sums by year";
    YEAR "Year";
    IN "In";
    OUT "Out";
    NET "Net";
    PAGES "Entries, page by page";
    WHO_DECIDES "Who decides";
}
