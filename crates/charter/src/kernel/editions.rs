//! The right to decide that a log goes on under a later edition of the program's rules.

use crate::document::{Field, Mistakes};
use crate::edition::Edition;
use crate::kernel::Kernel;
use crate::phrase;
use crate::vocabulary::{Known, field};

pub(super) const EDITIONS: Known = field("editions", "who adopts a later edition of the program's rules")
    .fields(&[field("by", "who decides").values(&[("amend", "members, as they amend the kernel")])])
    .since(Edition::TWO);

/// `editions by="amend"`
pub(super) fn read(field: &Field, mistakes: &mut Mistakes) -> Option<bool> {
    let found = field.fields(EDITIONS.fields, mistakes);
    found.or("by", true, mistakes, |value, mistakes| phrase::choice(value, &["amend"], mistakes).map(|_| true))
}

/// Says who decides, where the kernel says so.
pub(super) fn meaning(kernel: &Kernel) -> Vec<String> {
    let by_amend = "A later edition of the program’s rules takes effect once members have agreed to it as they agree to another kernel.";
    kernel.editions_by_amend.then(|| by_amend.to_owned()).into_iter().collect()
}

/// Says who decides, in every kernel.
pub(super) fn sentence(kernel: &Kernel) -> String {
    let by_time = || {
        "A later edition of the program’s rules takes effect 30 days after the operator has announced it.".to_owned()
    };
    meaning(kernel).pop().unwrap_or_else(by_time)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::constitution::read_constitution;
    use crate::rules::{Rules, read_kernel_under};

    fn kernel(line: &str) -> Result<Kernel, Vec<crate::Diagnostic>> {
        let text = format!(
            "kernel {{\nname x; purpose y; currency USD; class p {{ weight \"1\" }}\nconstitution {{ settles-in \"1 day\"; updates hourly }}\n{line}\n}}"
        );
        read_kernel_under(&text, Edition::TWO)
    }

    fn rules(line: &str) -> Rules {
        let kernel = kernel(line).unwrap();
        let constitution = read_constitution("", &kernel).unwrap();
        Rules::new(kernel, constitution)
    }

    #[test]
    fn who_decides_is_read_explained_and_compared() {
        let (usual, by_amend) = (rules(""), rules("editions by=amend"));
        assert!(!usual.kernel.editions_by_amend && by_amend.kernel.editions_by_amend);
        assert!(meaning(&usual.kernel).is_empty(), "30 days go without saying");
        assert_eq!(meaning(&by_amend.kernel).len(), 1);
        let changes: Vec<String> = crate::diff(&usual, &by_amend).into_iter().map(|effect| effect.sentence).collect();
        assert_eq!(
            changes,
            [
                "For later editions it would no longer hold that a later edition of the program’s rules takes effect 30 days after the operator has announced it.",
                "For later editions it would hold that a later edition of the program’s rules takes effect once members have agreed to it as they agree to another kernel.",
            ]
        );
        assert!(kernel("editions by=time").is_err() && kernel("editions amend").is_err());
    }
}
