//! Running what evaluates clauses on a thread with a stack that is large enough.

use std::thread;

use crate::diagnostic::{Diagnostic, Problems};
use crate::typeset::STACK;

/// Runs what evaluates clauses, which needs a large stack.
pub fn with_stack<T: Send>(
    run: impl FnOnce() -> Result<T, Problems> + Send,
) -> Result<T, Problems> {
    thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, run);
        let thread = thread
            .map_err(|error| Diagnostic::failure(format!("cannot start a thread: {error}")))?;
        thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}
