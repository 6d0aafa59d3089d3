//! Ids by place: members in the register, decisions in the state, candidates and items in their decision, classes in the kernel.

quantity::id! {
    /// A member's place in every column; given out in order of admission.
    pub struct MemberIndex(u32);
}

quantity::id! {
    /// A decision's place among all that ever were.
    pub struct DecisionId(u16);
}

quantity::id! {
    /// A candidate's place among all who ever stood in one election.
    pub struct CandidateId(u32);
}

quantity::id! {
    /// An item's place among all that ever were on one ranking.
    pub struct ItemId(u32);
}

quantity::id! {
    /// A class's place in the kernel.
    pub struct ClassId(u16);
}

impl DecisionId {
    /// The constitution's own election, which is the first.
    pub const ROOT: DecisionId = DecisionId(0);
}

impl MemberIndex {
    /// Nobody: marks a free place among ballots.
    pub const NOBODY: MemberIndex = MemberIndex(u32::MAX);
}
