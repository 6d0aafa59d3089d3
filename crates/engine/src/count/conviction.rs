//! Which option of a commitment is taken, by conviction alone.

use quantity::Conviction;

/// Returns the option that is taken: the one with the greatest conviction, if it is above every other's and the default's, and at least
/// `quorum_ppm` of `capacity`; `None` is the default. Conviction and capacity have one unit.
///
/// ```
/// use engine::count::chosen;
/// use quantity::Conviction;
/// let votes = |votes| Conviction::default().toward(votes, 64, 1);
/// let nothing = Conviction::default();
/// assert_eq!(chosen([("a", votes(12)), ("b", votes(11))].into_iter(), nothing, 100_000, 100), Some("a"));
/// assert_eq!(chosen([("a", votes(12)), ("b", votes(12))].into_iter(), nothing, 100_000, 100), None);
/// assert_eq!(chosen([("a", votes(12))].into_iter(), votes(12), 100_000, 100), None);
/// assert_eq!(chosen([("a", votes(9))].into_iter(), nothing, 100_000, 100), None);
/// ```
pub fn chosen<T>(
    options: impl Iterator<Item = (T, Conviction)>,
    default: Conviction,
    quorum_ppm: u32,
    capacity: u128,
) -> Option<T> {
    let mut ahead: Option<(T, Conviction)> = None;
    let mut ties = false;
    for (option, conviction) in options {
        let most = ahead.as_ref().map(|(_, most)| *most);
        if most.is_none_or(|most| conviction > most) {
            (ahead, ties) = (Some((option, conviction)), false);
        } else {
            ties |= most == Some(conviction);
        }
    }
    let suffices = |conviction: Conviction| conviction > default && conviction.reaches(quorum_ppm, capacity);
    ahead.filter(|(_, conviction)| !ties && suffices(*conviction)).map(|(option, _)| option)
}
