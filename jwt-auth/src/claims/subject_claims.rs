//! Claims without any data that is specific to the app.

use serde::{Deserialize, Serialize};

use super::Claims;

/// Claims that contain only the subject: what `#[require_auth]` reads on a route without a claims type.
///
/// A token of [`fastapi_framework`](crate::compat::fastapi_framework) may lack `sub`. In that case, the subject is
/// empty.
#[derive(Debug, Serialize, Deserialize)]
pub struct SubjectClaims {
    /// The verifier rejects tokens of this app that lack it.
    #[serde(default)]
    sub: String,
}

#[cfg(any(test, feature = "testing"))]
impl SubjectClaims {
    pub(crate) fn new(subject: &str) -> Self {
        Self { sub: subject.to_owned() }
    }
}

impl Claims for SubjectClaims {
    const SUBJECT_FIELD: Option<&'static str> = Some("sub");

    fn subject(&self) -> String {
        self.sub.clone()
    }
}
