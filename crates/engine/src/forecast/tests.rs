//! A forecast is what then happens.
