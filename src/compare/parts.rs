//! Which paragraph of the new text is which of the old, and in which order they are shown.

use std::collections::BTreeMap;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::paragraph::ParagraphChange;
use super::text::{Part, PartKind};
use super::words::{self, RunKind};

/// How alike two paragraphs are at least that are one, wherever they stand.
const ALIKE: f32 = 0.5;

/// How alike the first cells are at least of two rows that are one.
const ALIKE_KEY: f32 = 0.7;

/// The least likeness where both stand between the same neighbours.
const ALIKE_IN_PLACE: f32 = 0.34;

/// Of more pairs of paragraphs than this, only equal ones are matched.
const MOST_PAIRS: usize = 250_000;

/// Compares the paragraphs of a clause.
pub fn compare(old: &[Part], new: &[Part]) -> Vec<ParagraphChange> {
    let partners = partners(old, new);
    let sizes: Vec<usize> = new.iter().map(|part| part.text.len()).collect();
    let moved = moved(&partners, &sizes);
    let change = |(from, to): (Option<usize>, Option<usize>)| {
        let (was, is) = (from.map(|at| &old[at]), to.map(|at| &new[at]));
        let runs = match (was, is) {
            (Some(was), Some(is)) => words::runs(&was.text, &is.text),
            (Some(was), None) => words::whole(RunKind::Deleted, &was.text),
            (None, Some(is)) => words::whole(RunKind::Inserted, &is.text),
            (None, None) => Vec::new(),
        };
        ParagraphChange {
            kind: is.or(was).map_or(PartKind::Paragraph, |part| part.kind),
            old: was.map(|part| part.text.clone()),
            new: is.map(|part| part.text.clone()),
            runs,
            moved_from: from.filter(|_| to.is_some_and(|to| moved[to])).map(|from| from + 1),
        }
    };
    order(old.len(), &partners, &moved).into_iter().map(change).collect()
}

/// For each new part the old one that it was: the same text first, then rows by their key, then what is alike.
fn partners(old: &[Part], new: &[Part]) -> Vec<Option<usize>> {
    let mut matching = Matching { partners: vec![None; new.len()], taken: vec![false; old.len()] };
    let texts = |parts: &[Part]| parts.iter().map(|part| part.text.clone()).collect::<Vec<_>>();
    for op in capture_diff_slices(Algorithm::Myers, &texts(old), &texts(new)) {
        if let DiffOp::Equal { old_index, new_index, len } = op {
            (0..len).for_each(|at| matching.pair(old_index + at, new_index + at));
        }
    }
    // What is the same elsewhere.
    matching.by_key(old, new, |_, part| Some(part.text.clone()));
    let heads = (heads(old), heads(new));
    let key = |part: &Part| {
        let is_row = part.kind == PartKind::Row;
        let first = part.text.split('\n').next().filter(|cell| is_row && !cell.is_empty());
        first.map(str::to_owned)
    };
    let with_head = |parts: &[Part], heads: &[Option<usize>], at: usize| {
        let head = heads[at].map(|head| parts[head].text.as_str());
        Some(format!("{}\n{}", head.unwrap_or_default(), key(&parts[at])?))
    };
    matching.pair_keys(&|at| with_head(old, &heads.0, at), &|at| with_head(new, &heads.1, at));
    matching.by_key(old, new, |_, part| key(part));
    matching.by_likeness(old, new, ALIKE_KEY, |part| key(part));
    matching.by_likeness(old, new, ALIKE, |part| {
        (part.kind != PartKind::Row).then(|| part.text.clone())
    });
    matching.partners
}

/// For each part the row that heads its table.
fn heads(parts: &[Part]) -> Vec<Option<usize>> {
    let mut head = None;
    let of = |(at, part): (usize, &Part)| {
        head = (part.kind == PartKind::Row).then(|| head.unwrap_or(at));
        head
    };
    parts.iter().enumerate().map(of).collect()
}

struct Matching {
    /// For each new part the old one.
    partners: Vec<Option<usize>>,
    /// Which old parts have a new one.
    taken: Vec<bool>,
}

impl Matching {
    fn pair(&mut self, old: usize, new: usize) {
        self.partners[new] = Some(old);
        self.taken[old] = true;
    }

    /// Pairs parts of the same key, in order.
    fn by_key(&mut self, old: &[Part], new: &[Part], key: impl Fn(usize, &Part) -> Option<String>) {
        self.pair_keys(&|at| key(at, &old[at]), &|at| key(at, &new[at]));
    }

    fn pair_keys(
        &mut self,
        old_key: &dyn Fn(usize) -> Option<String>,
        new_key: &dyn Fn(usize) -> Option<String>,
    ) {
        let mut free: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for at in (0..self.taken.len()).rev().filter(|at| !self.taken[*at]) {
            if let Some(key) = old_key(at) {
                free.entry(key).or_default().push(at);
            }
        }
        for at in 0..self.partners.len() {
            if self.partners[at].is_none()
                && let Some(key) = new_key(at)
                && let Some(old) = free.get_mut(&key).and_then(Vec::pop)
            {
                self.pair(old, at);
            }
        }
    }

    /// Pairs parts that have a text by which they are alike, the most alike first.
    fn by_likeness(
        &mut self,
        old: &[Part],
        new: &[Part],
        alike: f32,
        text: impl Fn(&Part) -> Option<String>,
    ) {
        let free = |parts: &[Part], is_taken: &dyn Fn(usize) -> bool| -> Vec<usize> {
            let is_free = |at: &usize| !is_taken(*at) && text(&parts[*at]).is_some();
            (0..parts.len()).filter(is_free).collect()
        };
        let olds = free(old, &|at| self.taken[at]);
        let news = free(new, &|at| self.partners[at].is_some());
        if olds.len() * news.len() > MOST_PAIRS {
            return;
        }
        let words_of = |parts: &'_ [Part], which: &[usize]| -> Vec<Vec<String>> {
            let of = |at: &usize| text(&parts[*at]).unwrap_or_default();
            let words = |text: String| words::words(&text).into_iter().map(str::to_owned).collect();
            which.iter().map(|at| words(of(at))).collect()
        };
        let (old_words, new_words) = (words_of(old, &olds), words_of(new, &news));
        let mut pairs = Vec::new();
        for (one, is) in new_words.iter().enumerate() {
            for (other, was) in old_words.iter().enumerate() {
                let is: Vec<&str> = is.iter().map(String::as_str).collect();
                let was: Vec<&str> = was.iter().map(String::as_str).collect();
                if could_be_alike(&was, &is) {
                    let likeness = words::likeness(&was, &is);
                    pairs.push((likeness, olds[other], news[one]));
                }
            }
        }
        let gaps = Gaps::of(&self.partners, old.len());
        pairs.sort_by(|a, b| {
            b.0.total_cmp(&a.0).then_with(|| a.1.abs_diff(a.2).cmp(&b.1.abs_diff(b.2)))
        });
        for (likeness, old, new) in pairs {
            let is_in_place = alike <= ALIKE && gaps.are_same(old, new);
            let least = if is_in_place { ALIKE_IN_PLACE } else { alike };
            if likeness >= least && !self.taken[old] && self.partners[new].is_none() {
                self.pair(old, new);
            }
        }
    }
}

/// Whether two texts have words enough in common, in whatever order: quicker than to look for the order.
fn could_be_alike(old: &[&str], new: &[&str]) -> bool {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for word in old {
        *counts.entry(word).or_default() += 1;
    }
    let mut common = 0;
    for word in new {
        if let Some(count) = counts.get_mut(word).filter(|count| **count > 0) {
            *count -= 1;
            common += 1;
        }
    }
    200 * common >= 34 * (old.len() + new.len())
}

/// Between which matched neighbours each part stands.
struct Gaps {
    old: Vec<(Option<usize>, Option<usize>)>,
    new: Vec<(Option<usize>, Option<usize>)>,
}

impl Gaps {
    fn of(partners: &[Option<usize>], old_len: usize) -> Self {
        let mut of_old = vec![None; old_len];
        partners.iter().flatten().for_each(|old| of_old[*old] = Some(*old));
        Self { old: neighbours(&of_old), new: neighbours(partners) }
    }

    fn are_same(&self, old: usize, new: usize) -> bool {
        self.old[old] == self.new[new]
    }
}

/// For each place the nearest known value before it and after it.
fn neighbours(known: &[Option<usize>]) -> Vec<(Option<usize>, Option<usize>)> {
    let mut before = None;
    let mut pairs: Vec<_> = known
        .iter()
        .map(|at| {
            before = at.or(before);
            (before, None)
        })
        .collect();
    let mut after = None;
    for (at, pair) in known.iter().zip(&mut pairs).rev() {
        after = at.or(after);
        pair.1 = after;
    }
    pairs
}

/// Which of the new parts stand elsewhere among those that stayed: as few and as small ones as can be.
pub fn moved(partners: &[Option<usize>], sizes: &[usize]) -> Vec<bool> {
    // The heaviest sequence of parts whose old places rise.
    let mut best: Vec<(usize, Option<usize>)> = Vec::new();
    for (at, partner) in partners.iter().enumerate() {
        let heaviest = (0..at)
            .filter(|before| {
                partner.is_some() && partners[*before].is_some_and(|p| Some(p) < *partner)
            })
            .max_by_key(|before| (best[*before].0, *before));
        let weight = if partner.is_some() { sizes[at].max(1) } else { 0 };
        best.push((weight + heaviest.map_or(0, |before| best[before].0), heaviest));
    }
    let mut moved: Vec<bool> = partners.iter().map(Option::is_some).collect();
    let ends = (0..partners.len()).filter(|at| partners[*at].is_some());
    let mut at = ends.max_by_key(|at| best[*at].0);
    while let Some(place) = at {
        moved[place] = false;
        at = best[place].1;
    }
    moved
}

/// All parts in the order of the new text: old place and new place of each. One that is gone follows the one
/// that it followed in the old text.
pub fn order(
    old_len: usize,
    partners: &[Option<usize>],
    moved: &[bool],
) -> Vec<(Option<usize>, Option<usize>)> {
    let mut gone: Vec<bool> = vec![true; old_len];
    partners.iter().flatten().for_each(|old| gone[*old] = false);
    let mut stays: Vec<bool> = vec![false; old_len];
    for (partner, moved) in partners.iter().zip(moved) {
        if let (Some(old), false) = (partner, moved) {
            stays[*old] = true;
        }
    }
    let mut order = Vec::new();
    let mut olds = (0..old_len).peekable();
    for (new, partner) in partners.iter().enumerate() {
        // What is gone before the next that stays comes first, so that the new stands after the old.
        while let Some(old) = olds.next_if(|old| !stays[*old]) {
            order.extend(gone[old].then_some((Some(old), None)));
        }
        if partner.is_some() && !moved[new] {
            olds.next();
        }
        order.push((*partner, Some(new)));
    }
    order.extend(olds.filter(|old| gone[*old]).map(|old| (Some(old), None)));
    order
}
