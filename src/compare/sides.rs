//! What both texts have.

use serde::Serialize;

/// A value of the old text and of the new; none where the text has none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sides<T> {
    /// In the old text.
    pub old: Option<T>,
    /// In the new text.
    pub new: Option<T>,
}
