//! Long loops give way to others. No result depends on it.

/// So many turns take some tenths of a millisecond.
const TURNS: usize = 4_096;

/// Lets whoever waits for this processor have it, once in some thousand turns: a loop over all members or ballots calls it at each
/// turn. A system lets a thread that counts go on for milliseconds else, and pages wait for it where processors are few.
pub fn give_way(turn: usize) {
    if turn % TURNS == TURNS - 1 {
        std::thread::yield_now();
    }
}
