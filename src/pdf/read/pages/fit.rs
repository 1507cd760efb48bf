//! Pages that were printed smaller or moved: brought back to where they were, by the letters that both have.

use kurbo::{Affine, Vec2};
use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::pdf::read::drawn::Drawn;

/// How many letters must agree.
const LEAST: usize = 40;
/// How far they may be from where they were, on average, once brought back; in points.
const TOLERANCE: f64 = 1.5;

/// Brings a page back to where it was, if it was scaled or moved as a whole.
pub fn fit(old: &Drawn, new: &mut Drawn) {
    let texts = |drawn: &Drawn| -> Vec<String> {
        drawn.letters.iter().map(|letter| letter.text.clone()).collect()
    };
    let mut pairs = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, &texts(old), &texts(new)) {
        if let DiffOp::Equal { old_index, new_index, len } = op {
            pairs.extend((0..len).map(|at| {
                let from = new.letters[new_index + at].at.to_vec2();
                (from, old.letters[old_index + at].at.to_vec2())
            }));
        }
    }
    if let Some(back) = way_back(&pairs) {
        new.transform(back);
    }
}

/// The one scale and shift that leads from the first points to the second, if there is one, and it does anything.
#[expect(clippy::cast_precision_loss, reason = "a page has far fewer letters")]
fn way_back(pairs: &[(Vec2, Vec2)]) -> Option<Affine> {
    if pairs.len() < LEAST {
        return None;
    }
    let count = pairs.len() as f64;
    let sum =
        pairs.iter().fold((Vec2::ZERO, Vec2::ZERO), |sum, pair| (sum.0 + pair.0, sum.1 + pair.1));
    let (from, to) = (sum.0 / count, sum.1 / count);
    let (mut along, mut length) = (0.0, 0.0);
    for (one, other) in pairs {
        along += (*one - from).dot(*other - to);
        length += (*one - from).hypot2();
    }
    let scale = along / length;
    let shift = to - from * scale;
    let off = |(one, other): &(Vec2, Vec2)| (*one * scale + shift - *other).hypot();
    let average = pairs.iter().map(off).sum::<f64>() / count;
    let is_still = (scale - 1.0).abs() < 0.001 && shift.hypot() < 1.0;
    let is_sane = scale.is_finite() && (0.4..2.5).contains(&scale) && average < TOLERANCE;
    (is_sane && !is_still).then(|| Affine::translate(shift) * Affine::scale(scale))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_and_a_shift_are_found_and_nothing_else() {
        let points: Vec<Vec2> = (0..60)
            .map(|n| Vec2::new(f64::from(n % 10) * 50.0, f64::from(n / 10) * 90.0))
            .collect();
        let printed = |point: &Vec2| *point * 0.94 + Vec2::new(20.0, 28.0);
        let pairs: Vec<_> = points.iter().map(|point| (printed(point), *point)).collect();
        let back = way_back(&pairs).unwrap();
        for (from, to) in &pairs {
            assert!((back * from.to_point() - to.to_point()).hypot() < 0.01);
        }
        let same: Vec<_> = points.iter().map(|point| (*point, *point)).collect();
        assert!(way_back(&same).is_none());
        let turned: Vec<_> =
            points.iter().map(|point| (Vec2::new(point.y, point.x), *point)).collect();
        assert!(way_back(&turned).is_none());
    }
}
