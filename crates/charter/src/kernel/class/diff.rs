//! What another kernel would change about classes.

use super::Class;
use super::meaning::weight_words;
use crate::effect::{Effect, EffectKind, Effects};
use crate::kernel::Kernel;
use crate::words;

/// The effects on each class: on those there are, then on new ones.
pub(crate) fn compare_all(from: &Kernel, to: &Kernel, found: &mut Vec<Effect>) {
    for class in &from.classes {
        let mut effects = Effects::new(&class.name, found);
        match to.class(&class.name) {
            Some(same) => compare(class, same, &mut effects),
            None => {
                let name = words::plain(&class.name);
                let sentence = format!("There would be no class of {name} any more: nobody would have weight by it.");
                effects.add(EffectKind::Weight, sentence);
            }
        }
    }
    for class in to.classes.iter().filter(|class| from.class(&class.name).is_none()) {
        let mut effects = Effects::new(&class.name, found);
        let (name, weight) = (words::plain(&class.name), weight_words(class));
        let sentence = format!("There would be a class of {name}, whose members weigh {weight}.");
        effects.add(EffectKind::Weight, sentence);
        if let Some(list) = &class.list {
            let sentence = format!("Whoever stands on {} would belong to the {name}.", words::list(list));
            effects.add(EffectKind::Weight, sentence);
        }
        control(None, Some(class), &mut effects);
    }
}

fn compare(from: &Class, to: &Class, effects: &mut Effects) {
    let name = words::plain(&from.name);
    if !from.weight.is_same(&to.weight) || from.scale_root != to.scale_root {
        let (mut new, mut old) = (weight_words(to), weight_words(from));
        if new == old {
            (new, old) = (format!("`{}`", to.weight.text()), format!("`{}`", from.weight.text()));
        }
        effects.add(EffectKind::Weight, format!("The {name} would weigh {new}, instead of {old}."));
    }
    match (&from.list, &to.list) {
        (before, after) if before == after => {}
        (_, Some(list)) => effects.add(
            EffectKind::Weight,
            format!("Whoever stands on {} would belong to the {name}, and nobody else.", words::list(list)),
        ),
        (_, None) => effects.add(
            EffectKind::Weight,
            format!("Whoever has weight by the rule would belong to the {name}: no list would say so."),
        ),
    }
    control(Some(from), Some(to), effects);
}

/// How much of the votes a class has.
fn control(from: Option<&Class>, to: Option<&Class>, effects: &mut Effects) {
    let words = |class: Option<&Class>| {
        let name = class.map(|class| words::plain(&class.name)).unwrap_or_default();
        match class.map(|class| (class.control_ppm, class.at_most_ppm)) {
            Some((Some(ppm), _)) => Some(format!(
                "the {name} would have {} of the votes in every decision that they may vote in",
                words::percent(ppm)
            )),
            Some((None, Some(ppm))) => {
                Some(format!("the {name} would have {} of the votes in a decision at most", words::percent(ppm)))
            }
            _ => None,
        }
    };
    let limits = |class: Option<&Class>| class.map_or((None, None), |class| (class.control_ppm, class.at_most_ppm));
    if limits(from) == limits(to) {
        return;
    }
    let percent = |class: Option<&Class>| {
        let (control, at_most) = limits(class);
        control.or(at_most).map(words::percent)
    };
    let sentence = match (words(to), percent(from)) {
        (Some(new), Some(old)) => format!("{new}, instead of {old}."),
        (Some(new), None) => format!("{new}."),
        (None, _) => {
            "the votes of the class would be what its members' weight gives, and nothing would hold them to a part."
                .to_owned()
        }
    };
    effects.add(EffectKind::Counting, words::sentence(&sentence));
}
