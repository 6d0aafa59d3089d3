//! `rochdale-log`.
