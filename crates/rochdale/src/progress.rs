//! A progress bar for work that takes over a second, on a terminal only.

use std::borrow::Cow;
use std::io::IsTerminal as _;
use std::sync::Arc;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::socket::Told;

/// Returns a bar over `total` steps, 0 while that is not known; invisible where nobody watches.
pub fn bar(total: u64, what: impl Into<Cow<'static, str>>) -> ProgressBar {
    // A bar of no steps is drawn full: until it is known how many there are, it has no length.
    let bar = if total == 0 { ProgressBar::no_length() } else { ProgressBar::new(total) };
    let watched = std::io::stderr().is_terminal();
    bar.set_draw_target(if watched { ProgressDrawTarget::stderr_with_hz(10) } else { ProgressDrawTarget::hidden() });
    if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}") {
        bar.set_style(style);
    }
    bar.set_message(what);
    bar.enable_steady_tick(Duration::from_millis(500));
    bar
}

/// A bar on the terminal of whoever called.
#[derive(Clone)]
pub enum Bar {
    /// On this process's own.
    Drawn(ProgressBar),
    /// On a client's, who is told now and then how far it is.
    Told(Arc<Told>),
}

impl Bar {
    /// One more step is done.
    pub fn step(&self) {
        match self {
            Bar::Drawn(bar) => bar.inc(1),
            Bar::Told(told) => told.step(),
        }
    }

    /// So many steps are done.
    pub fn is_at(&self, done: u64, total: u64) {
        match self {
            Bar::Drawn(bar) => {
                bar.set_length(total);
                bar.set_position(done);
            }
            Bar::Told(told) => told.is_at(done, total),
        }
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        match self {
            Bar::Drawn(bar) => bar.finish_and_clear(),
            Bar::Told(told) => told.finish(),
        }
    }
}
