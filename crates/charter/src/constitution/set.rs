//! `set "half-life" "2 years"`: the values that a co-op's own constitution gives to the kernel's parameters.

use crate::clause::Reader;
use crate::code;
use crate::constitution::{Above, Constitution};
use crate::document::{Literal, Mistakes, Node, Value};
use crate::facts::Explained;
use crate::kernel::{Kernel, Parameter, SET, Setting, names_parameter, quantity};
use crate::nearest::suggest;
use crate::words;

/// Reads every `set`, in the order of the document.
pub(super) fn read_all(nodes: &[Node], above: &Above<'_>, mistakes: &mut Mistakes) -> Vec<Setting> {
    let mut settings: Vec<Setting> = Vec::new();
    for node in nodes {
        if mistakes.is_full() {
            break;
        }
        if !above.clauses.is_empty() {
            let why = "a constitution inside another one cannot set a number of the kernel";
            mistakes.report(code::OUTSIDE_JURISDICTION, &node.at, why, "the co-op's own constitution sets it, for all");
            continue;
        }
        let Some(setting) = read(node, above.kernel, mistakes) else {
            continue;
        };
        if settings.iter().any(|earlier| earlier.name == setting.name) {
            let why = format!("`{}` is set a second time", setting.name);
            mistakes.report(code::FIELD_TWICE, &node.at, why, "leave one of them out");
            continue;
        }
        settings.push(setting);
    }
    settings
}

fn read(node: &Node, kernel: &Kernel, mistakes: &mut Mistakes) -> Option<Setting> {
    if let Some((beside, _)) = node.properties.first() {
        let why = format!("`{SET}` has no field `{}`", beside.text);
        return mistakes.refuse(code::UNKNOWN_FIELD, &beside.at, why, "write it as in `set \"half-life\" \"2 years\"`");
    }
    if let Some(inside) = node.children.first() {
        let why = format!("`{SET}` has no fields of its own");
        return mistakes.refuse(code::UNKNOWN_FIELD, &inside.name.at, why, None);
    }
    let (Some(name), Some(value)) = (node.values.first(), node.values.get(1)) else {
        let why = format!("`{SET}` needs the name of a parameter, and its value");
        return mistakes.refuse(code::FIELD_MISSING, &node.at, why, "write it as in `set \"half-life\" \"2 years\"`");
    };
    if let Some(extra) = node.values.get(2) {
        return mistakes.refuse(code::UNEXPECTED_VALUE, &extra.at, format!("`{SET}` takes a name and one value"), None);
    }
    if let Some(number) = [name, value].into_iter().find(|value| value.is != Literal::Text) {
        let why = format!("`{SET}` takes text");
        return mistakes.refuse(
            code::WRONG_KIND,
            &number.at,
            why,
            format!("write it in quotes: `\"{}\"`", number.text),
        );
    }
    let Some(parameter) = kernel.parameter(&name.text) else {
        return unknown(name, kernel, mistakes);
    };
    let given = quantity(value, Some(kernel.currency), mistakes)?;
    let Parameter { name, from, to, default, .. } = parameter;
    if given.unit != default.unit {
        let words = |of: &crate::Quantity| of.unit_words(kernel.currency);
        let why = format!("`{name}` is {}, and this is {}", words(default), words(&given));
        let help = format!("write it as in `{}`", default.written);
        return mistakes.refuse(code::OTHER_UNIT, &value.at, why, help);
    }
    if !parameter.takes(&given) {
        let why = format!("the kernel lets the constitution set `{name}` from {} to {}", from.written, to.written);
        let help = "another kernel can have other limits";
        return mistakes.refuse(code::OUTSIDE_ITS_LIMITS, &value.at, why, help);
    }
    let line = mistakes.line(node.at.start);
    Some(Setting { name: name.clone(), value: given.written, line })
}

fn unknown(name: &Value, kernel: &Kernel, mistakes: &mut Mistakes) -> Option<Setting> {
    let known: Vec<&str> = kernel.parameters.iter().map(|parameter| parameter.name.as_str()).collect();
    let why = format!("the kernel leaves no number `{}` to the constitution", name.text);
    let help = match known.is_empty() {
        true => Some("it leaves none: write `parameter` in a kernel".to_owned()),
        false => suggest(&name.text, &known),
    };
    mistakes.refuse(code::UNKNOWN_PARAMETER, &name.at, why, help)
}

/// Returns the kernel with the values of the co-op's own constitution; `None` where it leaves it none, and for a constitution inside.
pub(super) fn bound(above: &Above<'_>, settings: &[Setting]) -> Option<Kernel> {
    if !above.clauses.is_empty() || above.kernel.parameters.is_empty() {
        return None;
    }
    let values: Vec<(String, String)> = settings.iter().map(|one| (one.name.clone(), one.value.clone())).collect();
    Some(above.kernel.clone().with_values(&values))
}

/// Notes values of parameters that neither a formula nor a clause of the text names.
pub(super) fn note_unused(sets: &[Node], reader: &mut Reader) {
    for node in sets {
        let named = node.values.first().and_then(|value| reader.kernel().parameter(&value.text));
        let Some(parameter) = named else {
            continue;
        };
        let is_read = reader.kernel().classes.iter().any(|class| names_parameter(&class.weight, parameter));
        if is_read || reader.mistakes.has_named(&parameter.name) {
            continue;
        }
        let why = format!("no formula names `{}`, and no clause here", parameter.name);
        let note = reader.mistakes.diagnostic(code::PARAMETER_UNUSED, &node.at, why, Some("leave it out".to_owned()));
        reader.notes.push(note);
    }
}

/// Says which values a constitution sets.
pub(crate) fn meaning(constitution: &Constitution, kernel: &Kernel) -> Option<Explained> {
    let line = constitution.settings.first()?.line;
    let said = |setting: &Setting| {
        let name = words::plain(&setting.name);
        let own = format!("The {name} is {}", setting.value);
        match kernel.parameter(&setting.name) {
            Some(Parameter { from, to, default, .. }) => format!(
                "{own}. The kernel lets the constitution set it from {} to {}; where none is set, it is {}.",
                from.written, to.written, default.written
            ),
            None => format!("{own}."),
        }
    };
    let sentences = constitution.settings.iter().map(said).collect();
    Some(Explained { name: "numbers".to_owned(), line, sentences })
}
