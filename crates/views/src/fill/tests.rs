//! What readers are told.
