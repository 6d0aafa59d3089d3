//! The rules in force as a reader sees them: prose, clause and plain English side by side; the candidates for their place.

use charter::{Constitution, Explained, sections};
use engine::chamber::{Decision, Layer, ROOT, Standing};
use engine::rules::amendment::KERNEL;
use engine::{CandidateId, DecisionId};
use schemars::JsonSchema;
use serde::Serialize;

use crate::decision::order::in_order;
use crate::names::{decision_href, decision_title, document_href, kind_of, propose_href, rules_href};
use crate::{DocumentView, EffectWords, ItemBallot, Sight, Tenure, say};

pub(crate) mod kernel;

/// The page of one rules document: the constitution, or one inside it.
#[derive(Serialize, Debug, Clone)]
pub struct ConstitutionView {
    /// The decision's path: `constitution`, or `docs-team`.
    pub decision: String,
    pub title: String,
    /// This page.
    pub href: String,
    pub propose_href: String,
    /// Where members vote on it.
    pub vote_href: String,
    /// For example `in force since 30 April 2018`; none where no document is in force.
    pub in_force: Option<RulesText>,
    /// Every decision that the rules define, each after the document that defines it.
    pub tree: Vec<Branch>,
    /// The candidates for its place, the next one first. At most twenty.
    pub candidates: Vec<RulesCandidate>,
    /// The texts and their times in force, oldest first.
    pub history: Vec<Tenure>,
    /// How this document itself changes, a sentence each.
    pub terms: Vec<String>,
    /// The reader may put another one up.
    pub may_propose: bool,
}

/// A text of rules with its meaning.
#[derive(Serialize, Debug, Clone)]
pub struct RulesText {
    /// SHA-256 of the text, hex.
    pub document: String,
    pub title: String,
    /// For example `in force since 30 April 2018`.
    pub words: String,
    pub sections: Vec<RulesSection>,
    /// Clauses that are in force and that this version does not carry out, a sentence each.
    pub kept: Vec<String>,
}

/// Some prose, the rules after it, and their meaning.
#[derive(Serialize, Debug, Clone)]
pub struct RulesSection {
    /// Markdown.
    pub prose: String,
    /// As written, between the fences.
    pub rules: Option<String>,
    pub plain: Vec<PlainClause>,
}

/// One clause in plain English.
#[derive(Serialize, JsonSchema, Debug, Clone)]
pub struct PlainClause {
    /// The clause's path, a class, or a part of the kernel.
    pub name: String,
    /// As people say it.
    pub title: String,
    /// Each is one thing that it means.
    pub sentences: Vec<String>,
    /// The decision that it defines.
    pub href: Option<String>,
}

/// One decision on the tree.
#[derive(Serialize, Debug, Clone)]
pub struct Branch {
    /// 0 for the kernel, 1 for the constitution, 2 for what the constitution defines.
    pub depth: u32,
    pub title: String,
    /// `kernel`, `constitution`, `office` …
    pub kind: String,
    /// None for a clause that this version keeps and does not carry out.
    pub href: Option<String>,
    /// The holders, in a few words.
    pub holders: Vec<String>,
}

/// A document that stands for the place of the rules in force.
#[derive(Serialize, Debug, Clone)]
pub struct RulesCandidate {
    pub document: DocumentView,
    /// The changes that it would make, a sentence each; none where it would change nothing.
    pub effects: Vec<EffectWords>,
    /// For example `its bucket is full on 3 March 2027 if nobody moves a vote`.
    pub outlook: String,
    /// The reader's attention, where it is a nominee; none for a visitor who is nobody.
    pub attention: Option<ItemBallot>,
}

/// Every rules document in force, for programs.
#[derive(Serialize, JsonSchema, Debug, Clone)]
#[schemars(rename = "Rules")]
pub struct RulesReport {
    /// The kernel first, then the constitution, then those inside it.
    pub documents: Vec<RulesDocument>,
}

/// One rules document in force.
#[derive(Serialize, JsonSchema, Debug, Clone)]
pub struct RulesDocument {
    /// `kernel`, `constitution`, or the path of a constitution inside it.
    pub decision: String,
    /// SHA-256 of the text, hex.
    pub document: String,
    /// Its first heading.
    pub title: String,
    /// As written.
    pub text: String,
    pub plain: Vec<PlainClause>,
}

/// The number of candidates that are shown with their changes.
const CANDIDATES: usize = 20;

/// Returns the page of the rules that the decision at this path holds; `None` where it holds none.
#[must_use]
pub fn constitution(sight: &Sight<'_>, path: &str) -> Option<ConstitutionView> {
    let place = sight.state.decision_place(path)?;
    let decision = sight.state.decisions.get(place).filter(|decision| decision.holds_rules)?;
    Some(ConstitutionView {
        decision: path.to_owned(),
        title: decision_title(path.rsplit('/').next().unwrap_or(path)),
        href: rules_href(path),
        propose_href: propose_href(path),
        vote_href: decision_href(path),
        in_force: sight.constitution_text(path, decision),
        tree: sight.tree(),
        candidates: sight.rules_candidates(place, decision),
        history: sight.tenures(place, decision),
        terms: sight.rules(decision),
        may_propose: sight.me_index().is_some(),
    })
}

/// Returns every rules document in force.
#[must_use]
pub fn rules_report(sight: &Sight<'_>) -> RulesReport {
    let kernel = &sight.state.rules.kernel;
    let facts = sight.facts();
    let plain = charter::explain_kernel(kernel, Some(&facts));
    let in_force = sight.state.amendment.in_force.as_str();
    let mut documents = vec![sight.rules_document(KERNEL, in_force, plain)];
    for (_, decision) in sight.state.open_decisions() {
        let path = if decision.name == ROOT { "" } else { decision.name.as_str() };
        let constitution = sight.state.rules.constitution_at(path);
        let held = decision.in_force().filter(|_| decision.holds_rules);
        if let (Some(constitution), Some(document)) = (constitution, held) {
            let plain = charter::explain_constitution_at(path, constitution, kernel, Some(&facts));
            documents.push(sight.rules_document(&decision.name, &document.name.to_string(), plain));
        }
    }
    RulesReport { documents }
}

impl Sight<'_> {
    fn rules_document(&self, decision: &str, document: &str, plain: Vec<Explained>) -> RulesDocument {
        let card = self.directory.document(document);
        RulesDocument {
            decision: decision.to_owned(),
            document: document.to_owned(),
            title: card.as_ref().map_or_else(String::new, |card| card.title.as_ref().to_owned()),
            text: card.map_or_else(String::new, |card| card.text.clone()),
            plain: plain.iter().map(|clause| self.plain(clause, "")).collect(),
        }
    }

    fn constitution_text(&self, path: &str, decision: &Decision) -> Option<RulesText> {
        let document = decision.in_force()?.name.to_string();
        let in_force = self.constitution_in_force(path)?;
        let plain = charter::explain_constitution(in_force, &self.state.rules.kernel, Some(&self.facts()));
        let since = decision.changed_at().unwrap_or(decision.opened_at);
        let words = words::document::in_force_since(self.day(since));
        let inside = if path == ROOT { "" } else { path };
        let text = self.rules_text(&document, words, &plain, inside);
        Some(RulesText { kept: in_force.notes.iter().map(|note| say::sentence(&note.why)).collect(), ..text })
    }

    fn constitution_in_force(&self, path: &str) -> Option<&Constitution> {
        let path = if path == ROOT { "" } else { path };
        self.state.rules.constitution_at(path)
    }

    /// Returns a text as sections, each with the clauses that it holds in plain English. `inside` is the path of the
    /// constitution.
    pub(super) fn rules_text(&self, document: &str, words: String, plain: &[Explained], inside: &str) -> RulesText {
        let card = self.directory.document(document);
        let text = card.as_ref().map_or("", |card| card.text.as_str());
        let section = |section: &charter::Section<'_>| {
            let (first, after) = section.lines;
            let here = plain.iter().filter(|clause| (first..after).contains(&clause.line));
            RulesSection {
                prose: section.prose.to_owned(),
                rules: section.rules.map(|rules| rules.trim_end().to_owned()),
                plain: here.map(|clause| self.plain(clause, inside)).collect(),
            }
        };
        RulesText {
            document: document.to_owned(),
            title: card.as_ref().map_or_else(String::new, |card| card.title.as_ref().to_owned()),
            words,
            sections: sections(text).iter().map(section).collect(),
            kept: Vec::new(),
        }
    }

    fn plain(&self, clause: &Explained, inside: &str) -> PlainClause {
        let path = match inside {
            "" => clause.name.clone(),
            inside => format!("{inside}/{}", clause.name),
        };
        let href = self.state.decision(&path).map(|_| decision_href(&path));
        PlainClause {
            name: clause.name.clone(),
            title: say::title(&clause.name),
            sentences: clause.sentences.clone(),
            href,
        }
    }

    /// Returns every decision after the document that defines it, the kernel first.
    fn tree(&self) -> Vec<Branch> {
        let mut tree = vec![Branch {
            depth: 0,
            title: decision_title(KERNEL),
            kind: KERNEL.to_owned(),
            href: Some(rules_href(KERNEL)),
            holders: Vec::new(),
        }];
        self.branches(Layer::Kernel, 1, &mut tree);
        tree
    }

    fn branches(&self, layer: Layer, depth: u32, tree: &mut Vec<Branch>) {
        let defined = self.state.open_decisions().filter(|(_, decision)| decision.layer == layer);
        for (place, decision) in defined {
            tree.push(self.branch(decision, depth));
            if decision.holds_rules {
                self.branches(Layer::Of(place), depth.saturating_add(1), tree);
            }
        }
    }

    fn branch(&self, decision: &Decision, depth: u32) -> Branch {
        let name = decision.name.rsplit('/').next().unwrap_or(&decision.name);
        let kind = match decision.holds_rules {
            true => ROOT.to_owned(),
            false => kind_of(decision).words().to_owned(),
        };
        let seated = decision.seated().filter_map(|place| Some(self.candidate(decision, place)?.name));
        Branch {
            depth,
            title: decision_title(name),
            kind,
            href: Some(match decision.holds_rules {
                true => rules_href(&decision.name),
                false => decision_href(&decision.name),
            }),
            holders: seated.collect(),
        }
    }

    fn rules_candidates(&self, place: DecisionId, decision: &Decision) -> Vec<RulesCandidate> {
        let nominees = decision.nominees().map(|(place, _)| place);
        let challengers = in_order(decision).into_iter().filter(|at| !decision.holds(*at));
        let shown = challengers.chain(nominees).take(CANDIDATES);
        shown
            .filter_map(|at| {
                let mut document = self.document_view(place, decision, at)?;
                let href = document_href(&decision.name, &document.candidate.id);
                document.candidate.href = Some(href);
                let standing = decision.candidate(at).map(|one| one.standing);
                Some(RulesCandidate {
                    effects: self.effects_of(&decision.name, document.text.as_deref()?),
                    outlook: self.candidate_outlook(decision, at),
                    attention: (standing == Some(Standing::Nominee)).then(|| self.attention(place, at)).flatten(),
                    document,
                })
            })
            .collect()
    }

    fn candidate_outlook(&self, decision: &Decision, at: CandidateId) -> String {
        let Some(candidate) = decision.candidate(at) else {
            return String::new();
        };
        if candidate.standing == Standing::Nominee {
            return self.nominee_words(decision, candidate);
        }
        let lead = decision.leads().candidates.get(at.place()).copied().flatten().unwrap_or(0);
        let bucket = decision.bucket(at);
        let ahead = self.state.bucket_ahead(bucket, lead, decision.bucket_size());
        self.bucket_words(ahead, bucket)
    }

    /// Returns the changes that a text would make if it took the place of the one in force.
    fn effects_of(&self, path: &str, text: &str) -> Vec<EffectWords> {
        let rules = &self.state.rules;
        let instead = rules.with_document(path, text);
        let effects = instead.map(|instead| charter::diff(rules, &instead)).unwrap_or_default();
        let words = effects.into_iter().map(|effect| EffectWords {
            about: effect.about,
            kind: format!("{:?}", effect.kind).to_lowercase(),
            words: effect.sentence,
        });
        words.collect()
    }
}
