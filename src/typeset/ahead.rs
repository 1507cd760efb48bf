//! The second half of a document, laid out ahead of the rest.
//!
//! Typst lays the articles out one after the other, which is most of the work of a document, while the other
//! cores wait. It remembers each paragraph by its text and style, and not by its place. So another thread
//! lays the second half out as a document of its own, which nobody sees; the layout of the whole then finds
//! those paragraphs done.

use typst::World;
use typst::comemo::Track;
use typst::engine::{Engine, Route, Sink, Traced};
use typst::foundations::{StyleChain, Target, TargetElem};
use typst::introspection::{EmptyIntrospector, Introspector};
use typst::utils::Protected;

use super::Typesetter;
use super::world::ContractWorld;
use crate::contract::{Contract, Project};

/// Lays the second half of a contract out. What Typst finds wrong in it, the layout of the whole tells.
pub fn lay_out(typesetter: &Typesetter<'_>, contract: &Contract) {
    let half = second_half(contract);
    let project = Project::new(&half, typesetter.library);
    let world = ContractWorld::new(typesetter, &project);
    let world: &dyn World = &world;
    let Ok(main) = world.source(world.main()) else {
        return;
    };
    let traced = Traced::default();
    let mut sink = Sink::new();
    let module = typst_eval::eval(
        world.track(),
        world.library(),
        traced.track(),
        sink.track_mut(),
        Route::default().track(),
        &main,
    );
    let Ok(module) = module else {
        return;
    };
    let introspector: &dyn Introspector = &EmptyIntrospector;
    let mut engine = Engine {
        library: world.library(),
        world: world.track(),
        introspector: Protected::new(introspector.track()),
        traced: traced.track(),
        sink: sink.track_mut(),
        route: Route::default(),
    };
    let target = TargetElem::target.set(Target::Paged).wrap();
    let styles = StyleChain::new(&world.library().styles);
    // Only what Typst remembers of it counts.
    let _ = typst_layout::layout_document(&mut engine, &module.content(), styles.chain(&target));
}

/// A contract without the first of its articles: what is left takes another thread as long as the first ones
/// take the layout of the whole.
pub fn second_half(contract: &Contract) -> Contract {
    let mut half = contract.clone();
    half.articles.drain(..contract.articles.len() * 3 / 5);
    half
}
