//! The page for every “no” and every failure.

#![allow(rustdoc::broken_intra_doc_links, reason = "an address in brackets is no link")]

include!("error.words");
