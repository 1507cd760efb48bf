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
pub fn like(world: &PaperWorld<'_>, other: &Settled) -> Option<PagedDocument> {
    let constraint = Constraint::new();
    let (document, sink) = pass(world, &*other.0, &constraint)?;
    let is_clean = sink.clone().delayed().is_empty() && sink.warnings().is_empty();
    let own: &dyn Introspector = &**document.introspector();
    (is_clean && constraint.validate(own)).then_some(document)
}

fn pass(
    world: &PaperWorld<'_>,
    introspector: &dyn Introspector,
    constraint: &Constraint<<dyn Introspector as Track>::Call>,
) -> Option<(PagedDocument, Sink)> {
    let main = world.source(world.main()).ok()?;
    let content = world.evaluate(&main).ok()?;
    let (traced, mut sink) = (Traced::default(), Sink::new());
    let world: &dyn World = world;
    let mut engine = Engine {
        library: world.library(),
        world: world.track(),
        introspector: Protected::new(introspector.track_with(constraint)),
        traced: traced.track(),
        sink: sink.track_mut(),
        route: Route::default(),
    };
    let target = TargetElem::target.set(Target::Paged).wrap();
    let styles = StyleChain::new(&world.library().styles);
    let document = typst_layout::layout_document(&mut engine, &content, styles.chain(&target));
    Some((document.ok()?, sink))
}
