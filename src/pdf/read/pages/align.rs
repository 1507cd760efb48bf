//! Which page of a copy is a copy of which.

use similar::{Algorithm, DiffOp, capture_diff_slices};

/// What part of their words two pages must share to be one page that was changed.
const LIKE: f64 = 0.5;

/// Pairs of pages, in the order of the copy; `is_same` says of two whether their text is the same. A page of
/// one side that has no other is paired with none.
pub fn align(
    old: &[Vec<String>],
    new: &[Vec<String>],
    is_same: impl Fn(usize, usize) -> bool,
) -> Vec<(Option<usize>, Option<usize>)> {
    let same = longest_common(old.len(), new.len(), is_same);
    let mut pairs = Vec::new();
    let (mut old_at, mut new_at) = (0, 0);
    for (old_next, new_next) in same.into_iter().chain([(old.len(), new.len())]) {
        pairs.extend(between(old, new, old_at..old_next, new_at..new_next));
        if old_next < old.len() && new_next < new.len() {
            pairs.push((Some(old_next), Some(new_next)));
        }
        (old_at, new_at) = (old_next + 1, new_next + 1);
    }
    pairs
}

/// The longest row of pairs that are the same, in the order of both.
fn longest_common(
    old: usize,
    new: usize,
    is_same: impl Fn(usize, usize) -> bool,
) -> Vec<(usize, usize)> {
    let same: Vec<Vec<bool>> =
        (0..old).map(|one| (0..new).map(|other| is_same(one, other)).collect()).collect();
    let mut longest = vec![vec![0_usize; new + 1]; old + 1];
    for one in (0..old).rev() {
        for other in (0..new).rev() {
            longest[one][other] = if same[one][other] {
                longest[one + 1][other + 1] + 1
            } else {
                longest[one + 1][other].max(longest[one][other + 1])
            };
        }
    }
    let (mut one, mut other, mut pairs) = (0, 0, Vec::new());
    while one < old && other < new {
        if same[one][other] {
            pairs.push((one, other));
            (one, other) = (one + 1, other + 1);
        } else if longest[one + 1][other] >= longest[one][other + 1] {
            one += 1;
        } else {
            other += 1;
        }
    }
    pairs
}

/// The pages between two that are the same: those that are alike belong together.
fn between(
    old: &[Vec<String>],
    new: &[Vec<String>],
    old_range: std::ops::Range<usize>,
    new_range: std::ops::Range<usize>,
) -> Vec<(Option<usize>, Option<usize>)> {
    let (mut pairs, mut new_at) = (Vec::new(), new_range.start);
    for old_at in old_range {
        let alike = (new_at..new_range.end).find(|at| likeness(&old[old_at], &new[*at]) >= LIKE);
        match alike {
            Some(found) => {
                pairs.extend((new_at..found).map(|added| (None, Some(added))));
                pairs.push((Some(old_at), Some(found)));
                new_at = found + 1;
            }
            None => pairs.push((Some(old_at), None)),
        }
    }
    pairs.extend((new_at..new_range.end).map(|added| (None, Some(added))));
    pairs
}

#[expect(clippy::cast_precision_loss, reason = "a page has far fewer words")]
fn likeness(old: &[String], new: &[String]) -> f64 {
    let equal: usize = capture_diff_slices(Algorithm::Myers, old, new)
        .iter()
        .map(|op| if let DiffOp::Equal { len, .. } = op { *len } else { 0 })
        .sum();
    (2 * equal) as f64 / (old.len() + new.len()).max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages(texts: &[&str]) -> Vec<Vec<String>> {
        texts.iter().map(|text| text.split(' ').map(str::to_owned).collect()).collect()
    }

    fn aligned(old: &[&str], new: &[&str]) -> Vec<(Option<usize>, Option<usize>)> {
        align(&pages(old), &pages(new), |one, other| old[one] == new[other])
    }

    #[test]
    fn pages_are_added_changed_and_gone() {
        let old = ["a a a a", "b b b b", "c c c c"];
        assert_eq!(
            aligned(&old, &["x x", "a a a a", "b b b y", "c c c c", "z z"]),
            [
                (None, Some(0)),
                (Some(0), Some(1)),
                (Some(1), Some(2)),
                (Some(2), Some(3)),
                (None, Some(4)),
            ]
        );
        assert_eq!(
            aligned(&old, &["a a a a", "c c c c"]),
            [(Some(0), Some(0)), (Some(1), None), (Some(2), Some(1))]
        );
    }

    #[test]
    fn pages_that_changed_places_show() {
        let pairs = aligned(&["a a", "b b"], &["b b", "a a"]);
        assert!(pairs.iter().any(|pair| pair.0.is_none()), "{pairs:?}");
        assert!(pairs.iter().any(|pair| pair.1.is_none()), "{pairs:?}");
    }
}
