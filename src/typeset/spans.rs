//! Where the parts of a file stand, by their spans.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use typst::syntax::{FileId, LinkedNode, Source, Span};

/// Where each part of a file stands.
pub type Ranges = HashMap<Span, Range<usize>>;

/// Where the parts of the files that all papers share stand. They are found once for a file: for one part alone
/// Typst looks through all that stand beside it, which in a long clause takes the square of its length.
#[derive(Default)]
pub struct Spans(Mutex<HashMap<FileId, Arc<Ranges>>>);

impl Spans {
    /// Where the parts of a file stand.
    pub fn of(&self, source: &Source) -> Arc<Ranges> {
        // A map is added whole, or not at all: one is good after a panic of another thread.
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let ranges = known.entry(source.id()).or_insert_with(|| {
            let mut ranges = Ranges::new();
            add(&LinkedNode::new(source.root()), &mut ranges);
            Arc::new(ranges)
        });
        Arc::clone(ranges)
    }
}

fn add(node: &LinkedNode<'_>, ranges: &mut Ranges) {
    ranges.insert(node.span(), node.range());
    node.children().for_each(|child| add(&child, ranges));
}
