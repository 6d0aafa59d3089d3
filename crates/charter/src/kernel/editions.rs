//! Who decides that a log goes on under a later edition of the program's rules.

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

/// Who decides, where the kernel says so.
pub(super) fn meaning(kernel: &Kernel) -> Vec<String> {
    let by_amend = "A later edition of the program’s rules takes effect once members have agreed to it as they agree to another kernel.";
    kernel.editions_by_amend.then(|| by_amend.to_owned()).into_iter().collect()
}

/// Who decides, in every kernel.
pub(super) fn sentence(kernel: &Kernel) -> String {
    let by_time = || {
        "A later edition of the program’s rules takes effect 30 days after the operator has announced it.".to_owned()
    };
    meaning(kernel).pop().unwrap_or_else(by_time)
}
