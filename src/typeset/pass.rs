//! One pass of the layout. Typst lays a document out again until what its parts ask of its pages (the numbers in the
//! contents, say) is what the pages then say.

use std::sync::Arc;

use typst::World;
use typst::comemo::{Constraint, Track};
use typst::engine::{Engine, Route, Sink, Traced};
use typst::foundations::{StyleChain, Target, TargetElem};
use typst::introspection::Introspector;
use typst::utils::Protected;
use typst_layout::{PagedDocument, PagedIntrospector};

use super::world::PaperWorld;

/// What the pages of a document say of its parts.
#[derive(Clone)]
pub struct Settled(pub(super) Arc<PagedIntrospector>);

/// Lays a document out in one pass, by what the pages of one like it say. None if its own pages say something else, or
/// if anything is to be reported: then it is laid out from the beginning. So no document depends on the one before.
pub fn like(paper: &PaperWorld<'_>, other: &Settled) -> Option<PagedDocument> {
    let content = paper.evaluate(&paper.source(paper.main()).ok()?).ok()?;
    let (constraint, traced, mut sink) = (Constraint::new(), Traced::default(), Sink::new());
    let (world, other): (&dyn World, &dyn Introspector) = (paper, &*other.0);
    let mut engine = Engine {
        library: world.library(),
        world: world.track(),
        introspector: Protected::new(other.track_with(&constraint)),
        traced: traced.track(),
        sink: sink.track_mut(),
        route: Route::default(),
    };
    let target = TargetElem::target.set(Target::Paged).wrap();
    let styles = StyleChain::new(&world.library().styles);
    let styles = styles.chain(&target);
    let document = typst_layout::layout_document(&mut engine, &content, styles).ok()?;
    let is_clean = sink.delayed().is_empty() && sink.warnings().is_empty();
    let own: &dyn Introspector = &**document.introspector();
    (is_clean && constraint.validate(own)).then_some(document)
}
