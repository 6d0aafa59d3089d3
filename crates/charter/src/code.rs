//! Every mistake that a document can hold, each with a stable code, which is never used again for another mistake.
//! `docs/spec/charter.md` has a section for each.

/// A mistake's stable code and its name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Code {
    pub code: &'static str,
    pub name: &'static str,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $constant:ident = $code:literal $name:literal;)*) => {
        $($(#[$doc])* pub(crate) const $constant: &str = $code;)*

        /// All codes, in order.
        pub const CODES: &[Code] = &[$(Code { code: $code, name: $name }),*];
    };
}

codes! {
    TOO_LONG = "C001" "document-too-long";
    NO_RULES = "C002" "no-rules";
    SYNTAX = "C003" "syntax";
    UNCLOSED_BLOCK = "C004" "unclosed-block";
    UNKNOWN_CLAUSE = "C005" "unknown-clause";
    UNKNOWN_FIELD = "C006" "unknown-field";
    FIELD_MISSING = "C007" "field-missing";
    FIELD_TWICE = "C008" "field-twice";
    WRONG_KIND = "C009" "wrong-kind-of-value";
    UNEXPECTED_VALUE = "C010" "unexpected-value";
    BAD_NAME = "C011" "bad-name";
    UNIT_MISMATCH = "C012" "unit-mismatch";
    NAME_TAKEN = "C013" "name-taken";
    OUT_OF_RANGE = "C014" "out-of-range";
    NOT_COUNTED_YET = "C015" "not-counted-yet";
    UNKNOWN_CLASS = "C016" "unknown-class";
    UNKNOWN_FUNCTION = "C017" "unknown-function";
    UNKNOWN_CURRENCY = "C018" "unknown-currency";
    OTHER_CURRENCY = "C019" "other-currency";
    UNKNOWN_UNIT = "C020" "unknown-unit";
    NOT_A_PLAIN_NUMBER = "C021" "not-a-plain-number";
    FORMULA_SYNTAX = "C022" "formula-syntax";
    STRAY_CHARACTER = "C023" "stray-character";
    FORMULA_TOO_LONG = "C024" "formula-too-long";
    NESTED_TOO_DEEP = "C025" "nested-too-deep";
    UNKNOWN_PERIOD = "C026" "unknown-period";
    FUTURE_PERIOD = "C027" "future-period";
    WRONG_COUNT = "C028" "wrong-number-of-values";
    NUMBER_OUT_OF_RANGE = "C029" "number-out-of-range";
    NOT_A_CONDITION = "C030" "not-a-condition";
    CLASS_CIRCLE = "C031" "class-circle";
    BAD_HALF_LIFE = "C032" "bad-half-life";
    UNKNOWN_CHOICE = "C033" "unknown-choice";
    UNKNOWN_POWER = "C034" "unknown-power";
    LIMIT_MISPLACED = "C035" "limit-misplaced";
    BAD_TIME_ZONE = "C036" "bad-time-zone";
    BAD_SPAN = "C037" "bad-span";
    BAD_RHYTHM = "C038" "bad-rhythm";
    BAD_RATIO = "C039" "bad-ratio";
    BAD_AMOUNT = "C040" "bad-amount";
    BAD_EXPONENT = "C041" "exponent-out-of-range";
    ROOT_TWICE = "C042" "root-twice";
    BAD_AMENDMENT = "C043" "bad-amendment";
    WRONG_DOCUMENT = "C044" "wrong-document";
    NOT_GIVEN = "C045" "power-not-given";
    LIMIT_EXCEEDED = "C046" "limit-exceeded";
    LIMIT_NEEDED = "C047" "limit-needed";
    ELECTORATE_OUTSIDE = "C048" "electorate-outside";
    OUTSIDE_JURISDICTION = "C049" "outside-jurisdiction";
    CONTROL_INCOMPLETE = "C050" "control-incomplete";
    FIELDS_CLASH = "C051" "fields-clash";
    NEEDS_ANOTHER = "C052" "needs-another-field";
    TOO_MANY = "C053" "too-many";
    BAD_FEED = "C054" "bad-feed";
    MORE_THAN_ALL = "C055" "more-than-all";
    BAD_DAY = "C056" "bad-day";
    HIDDEN_SIGN = "C057" "hidden-sign";
    HIDDEN_BLOCK = "C058" "hidden-block";
    NEARLY_MARKED = "C059" "nearly-marked";
    BAD_ACTS_BY = "C071" "bad-acts-by";
    DAY_BELOW_HOUR = "C060" "day-below-hour";
    LIST_KEPT_BY_FEW = "C072" "list-kept-by-few";
    LIST_KEPT_BY_NOBODY = "C073" "list-kept-by-nobody";
    UNKNOWN_KIND = "C080" "unknown-kind-of-support";
    KINDS_MISSING = "C081" "kinds-missing";
    KIND_NOT_GIVEN = "C082" "kind-not-given";
    RECORDED_BY_ONE = "C083" "recorded-by-one";
    PROMISE_ALONE = "C084" "promise-alone";
    BRINGS_NONE = "C085" "brings-none";
    UNKNOWN_PARAMETER = "C087" "unknown-parameter";
    OUTSIDE_ITS_LIMITS = "C088" "outside-its-limits";
    OTHER_UNIT = "C089" "other-unit";
    DEFAULT_OUTSIDE = "C090" "default-outside-limits";
    PARAMETER_UNUSED = "C091" "parameter-unused";
    SERVICE_MISPLACED = "C092" "service-misplaced";
    UNKNOWN_SERVICE = "C093" "unknown-service";
    WEIGHS_NOTHING = "C094" "weighs-nothing";
    FEW_UPDATES = "C095" "few-updates";
    BAD_CREDIT_CYCLE = "C096" "no-cycle-of-credit";
    BAD_CREDIT_DEFAULT = "C097" "no-default-of-credit";
    CREDIT_ELSEWHERE = "C098" "credit-elsewhere";
    SUPPLY_LOST = "C099" "supply-lost";
    BAD_POOL_DEFAULT = "C100" "no-default-of-pool";
    POOL_CYCLE_DIFFERS = "C101" "pool-cycle-differs";
    NO_PATRONS = "C102" "no-patrons";
    UNKNOWN_GROUP = "C103" "unknown-group";
    OWN_THROUGH_OTHERS = "C104" "own-through-others";
    NOTHING_RECORDED = "C105" "nothing-recorded";
    PATRONS_FOR_DAYS = "C109" "patrons-for-days";
    ONE_PATRON_OPENS = "C110" "one-patron-opens";
    UNKNOWN_POOL = "C111" "unknown-pool";
    POOL_ASKED_TWICE = "C112" "pool-asked-twice";
    BAD_CREDIT_WEIGHT = "C113" "no-weight-of-credit";
    CREDIT_OVERFLOWS = "C114" "credit-overflows";
    CREDIT_REACHES_NOBODY = "C115" "credit-reaches-nobody";
    OPEN_TO_MANY = "C116" "open-to-many";
    EXPELLED_BY_FEW = "C117" "expelled-by-few";
}

/// Returns the name that belongs to a code.
pub(crate) fn name_of(code: &str) -> &'static str {
    CODES.iter().find(|known| known.code == code).map_or("", |known| known.name)
}
