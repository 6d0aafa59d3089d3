//! The sentences and labels that people read on pages, one table for each noun. The caller computes every number, and hands it in
//! as it is to be printed; nothing is decided or counted here.
//!
//! Each language is a folder of such tables (`en/home.words`) with the same names in it: another language is another folder. A row is a
//! function with the name of what is said:
//!
//! ```
//! use words::home;
//! assert_eq!(home::nothing_counted_yet("Monday"), "Nothing has been counted yet. The first update is Monday.");
//! assert_eq!(home::BEING_DECIDED, "Being decided");
//! ```
#![allow(rustdoc::bare_urls, reason = "a sentence on a page may show an address, and its row is documented by it")]

/// Declares the words of one noun: a row without arguments is a constant, and one with arguments a function that fills them in.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident $(($($arg:ident),+))? $text:literal;)*) => {
        $(words! { @row $(#[$doc])* $name $(($($arg),+))? $text })*
    };
    (@row $(#[$doc:meta])* $name:ident $text:literal) => {
        $(#[$doc])*
        #[doc = concat!("“", $text, "”")]
        pub const $name: &str = $text;
    };
    (@row $(#[$doc:meta])* $name:ident ($($arg:ident),+) $text:literal) => {
        $(#[$doc])*
        #[doc = concat!("“", $text, "”")]
        #[must_use]
        pub fn $name($($arg: impl std::fmt::Display),+) -> String {
            format!($text)
        }
    };
}

mod en;

pub use en::*;
