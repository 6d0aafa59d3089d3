//! Why there is no page, in a few words for programs; `error` has the sentences for people.

words! {
    refused(name) "refused: {name}";
    ABSENT "there is nothing here";
    NOBODY "this needs a member";
    TOO_MANY "too many tries: wait ten minutes";
    BAD_INPUT "the input cannot be read";
    CROSS_SITE "the request came from another site";
    MISDIRECTED "this server does not go by that name";
    WRONG_METHOD "this address does not take that method";
    TOO_LARGE "too much was sent at once";
    UNREADY "the server cannot answer right now";
}
