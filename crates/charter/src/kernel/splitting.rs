//! The gain of somebody who becomes two members with half of their support each: what a kernel's rules cannot see, and its writers
//! have to answer.

use super::{Counting, Kernel};
use crate::words;

/// Says what splitting one member over two gains under a kernel, and asks what keeps one person to one membership. A linear weight
/// without cap or floor gains nothing.
///
/// ```
/// let text = r#"kernel { name "x"; purpose "y"; currency "USD"; votes "linear"
///     class "patrons" { weight "donated(last month) / 1 USD" }
///     constitution { settles-in "30 days"; updates "hourly" } }"#;
/// let kernel = charter::read_kernel(text).unwrap();
/// assert_eq!(charter::explain_splitting(&kernel), ["Becoming two members gains nothing: weight and votes are counted as they are."]);
/// ```
#[must_use]
pub fn explain_splitting(kernel: &Kernel) -> Vec<String> {
    let mut sentences = Vec::new();
    let roots = kernel.classes.iter().filter(|class| class.is_root()).map(|class| words::plain(&class.name));
    match kernel.counting {
        Counting::Quadratic => sentences.push(
            "Votes are a root: somebody who becomes two members with half of their weight each has 1.414 times the votes, and as four members twice.".to_owned(),
        ),
        Counting::OneMember => {
            sentences.push("Members count the same: somebody who becomes two members has 2 times the votes.".to_owned());
        }
        Counting::Linear | Counting::Approval => {}
    }
    sentences.extend(roots.map(|name| {
        format!("The weight of the {name} is a root: somebody who becomes two members has 1.414 times the weight.")
    }));
    // A formula that reads nothing weighs heads.
    let heads = kernel.classes.iter().filter(|class| class.weight.sources.is_empty() && class.weight.weight(&[]) > 0);
    sentences.extend(heads.map(|class| {
        let name = words::plain(&class.name);
        format!("The {name} weigh the same by heads: somebody who becomes two members has 2 times the weight.")
    }));
    if kernel.floor_micro > 0 {
        let floor = words::exactly(kernel.floor_micro);
        sentences.push(format!(
            "No member weighs less than {floor}: somebody who has as much and becomes two members has 2 times the weight."
        ));
    }
    let caps = kernel.cap_ppm.into_iter().chain(kernel.classes.iter().filter_map(|class| class.cap_ppm));
    sentences.extend(caps.map(|cap| {
        let cap = words::percent(cap);
        format!(
            "A cap of {cap} cuts each member: somebody above it who becomes two members has up to 2 times the weight."
        )
    }));
    if sentences.is_empty() {
        return vec!["Becoming two members gains nothing: weight and votes are counted as they are.".to_owned()];
    }
    sentences.push(
        "What keeps one person to one membership? No rule here can see it: write down who looks, and how.".to_owned(),
    );
    sentences
}

#[cfg(test)]
mod tests {
    use super::explain_splitting;
    use crate::edition::Edition;
    use crate::rules::read_kernel_under;

    #[test]
    fn each_way_to_gain_is_named_and_the_question_asked_once() {
        let gains = |line: &str| {
            let text = format!(
                "kernel {{\nname x; purpose y; currency USD; {line}\nconstitution {{ settles-in \"1 day\"; updates hourly }}\n}}"
            );
            let told = explain_splitting(&read_kernel_under(&text, Edition::TWO).unwrap());
            told.iter().map(|told| told.split(':').next().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let cuts = |cap_ppm| format!("A cap of {} cuts each member", crate::words::percent(cap_ppm));
        let paid = "class p { weight \"donated(ever) / 1 USD\" }; votes linear";
        assert_eq!(gains(paid), ["Becoming two members gains nothing"]);
        let question = "What keeps one person to one membership? No rule here can see it";
        assert_eq!(gains("class p { weight \"donated(ever) / 1 USD\" }"), ["Votes are a root", question]);
        assert_eq!(
            gains("class p { weight \"1\" }; votes one-member"),
            ["Members count the same", "The p weigh the same by heads", question]
        );
        assert_eq!(
            gains(&format!("{paid}; members {{ floor \"1 weights\"; cap \"20%\" }}")),
            ["No member weighs less than 1.00".to_owned(), cuts(200_000), question.to_owned()]
        );
        assert_eq!(
            gains("class p { weight \"donated(ever) / 1 USD\"; scale sqrt; cap \"10%\" }; votes approval"),
            ["The weight of the p is a root".to_owned(), cuts(100_000), question.to_owned()]
        );
    }
}
