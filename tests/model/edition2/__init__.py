"""Edition 2, a second time: whole-number implementations of docs/spec, written without a look at the engine.

weights     the cap, standing, late records, slow capacity, fixed control, votes rooted together
race        buckets, take-overs, nomination, leaving of one election
layer       the decisions of a constitution, counted together
rules       rules that change: the tree, other kernels, forks
care        bodies that act together, announced acts, two keys, the fork share, closing items
together    random acts of bodies and of those on a list, admissions, and announced acts
histories   random co-ops; check_elections, check_rules, check_counts and check_places compare a binary with the model
attacks     adversaries against the model, with fixed seeds

Roundings on which two readers could differ, as the model has them:

- A newcomer's weight under a cap is the lesser of the level and ⌊w × Σ min(w, t) ÷ Σ w⌋, both sums over members of standing.
- A part of capacity falls to C′ + ⌈(C − C′) × p⌉, p = ⌊2^-(Δ ÷ S) × 2^63⌋ ÷ 2^63, and by one micro-vote at least.
- A refund lets its giver's part fall to today's votes; buckets and levels then keep their percentage, rounded down.
- Votes of a decision: ⌊√((s + u) × w)⌋, then × s ÷ (s + u) and rounded down, then times the class's factor and rounded down,
  then × score and rounded down. Counting without a root has no first step: ⌊w × s⌋.
- The reference of a vacant seat is half of the greatest other total, rounded up; a drain is ⌈C × Δ ÷ 50⌉.
- Windows are half-open: now − length < update ≤ now. Holding a seat is over when now − change ≥ S.
- Half of the votes against a nominee is rounded down before it is multiplied by Δ.
- The fork share has one rounding, down, at the end; reserves given as a percentage are rounded up.
"""
