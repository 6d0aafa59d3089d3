//! Forms that cannot be read.

words! {
    NO_TEXT "a document needs a text";
    document_too_long(bytes) "a document is at most 64 KiB long, and this text has {bytes} bytes";
    CONTROL_CHARACTERS "the text holds control characters that cannot be printed";
    EMPTY "the text is empty";
    rules_too_long(bytes) "rules are at most 1 MiB long, and this text has {bytes} bytes";
    FOR_OR_AGAINST "choose for or against";
    share_over(typed) "a share is at most 100 %, and `{typed}` is more";
    share_too_fine(typed) "a share has at most four places after the point, and `{typed}` has more";
    no_share(typed) "a share is a number from 0 to 100, for example 12.5, and `{typed}` is not";
    score_over(typed) "a score is at most 10, and `{typed}` is more";
    score_too_fine(typed) "a score has at most five places after the point, and `{typed}` has more";
    no_score(typed) "a score is a number from 0 to 10, and `{typed}` is not";
    give_amount(example) "give an amount, for example {example}";
    ABOVE_ZERO "an amount is above 0";
    OVER_ALL_BOOKS "this is more than any book can hold";
    amount_too_fine(places, typed) "an amount has at most {places} places after the point, and `{typed}` has more";
    no_amount(example, typed) "an amount is a number without signs between thousands, for example {example}, and `{typed}` is not";
    ODD_CURSOR "the cursor is not one of this page's";
    ODD_SHAPE "the address or the form does not have the expected shape";
}
