//! Refusals as pages say them; their texts are the engine’s.

words! {
    /// The unit of shares in the engine’s texts, left out where pages say per cent.
    SHARE_UNIT " parts per million";
    SAYS_NO "The rules say no";
    nothing_changed(number, name) "R{number:03} {name}. Nothing was changed, and what you typed is still here.";
}
