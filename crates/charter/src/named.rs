//! Closed sets of words: an enum whose arms each have one word in documents. Not for sets that a co-op can add to.

/// A word and its meaning in a sentence or less, for editors; empty where the word says it all.
pub(crate) type Meaning = (&'static str, &'static str);

/// Makes an enum of words: its arms in the order in which messages list them, with `ALL`, `name` and `parse`.
macro_rules! named {
    ($(#[$of_set:meta])* pub enum $Set:ident {
        $($(#[$of_arm:meta])* $Arm:ident = $word:literal $($about:literal)?,)*
    }) => {
        $(#[$of_set])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, serde::Serialize, serde::Deserialize)]
        pub enum $Set {
            $($(#[$of_arm])* $Arm,)*
        }

        impl $Set {
            pub const ALL: [$Set; [$($word),*].len()] = [$($Set::$Arm),*];

            /// Returns the word for it in documents, logs and pages.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $($Set::$Arm => $word,)*
                }
            }

            /// Returns the one with exactly this name.
            #[must_use]
            pub fn parse(name: &str) -> Option<$Set> {
                $Set::ALL.into_iter().find(|one| one.name() == name)
            }
        }

        impl $crate::named::Named for $Set {
            const WORDS: &'static [$crate::named::Meaning] = &[$(($word, concat!("" $(, $about)?))),*];

            fn of(word: &str) -> Option<$Set> {
                $Set::parse(word)
            }
        }
    };
}

pub(crate) use named;

/// A closed set of words.
pub(crate) trait Named: Sized {
    /// The words, in the order of the arms.
    const WORDS: &'static [Meaning];

    /// Returns the one with exactly this word.
    fn of(word: &str) -> Option<Self>;

    /// Returns the words alone.
    fn names() -> Vec<&'static str> {
        Self::WORDS.iter().map(|(word, _)| *word).collect()
    }
}
