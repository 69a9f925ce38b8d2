//! What a refresh token says, once its signature is checked.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::claims::{Claims, SignIn};
use crate::error::InvalidToken;
use crate::verifier::{Checked, missing};

/// The claims of a refresh token. They are written by [`Body::refresh`](crate::claims::Body::refresh).
#[derive(Serialize, Deserialize)]
pub(super) struct RefreshClaims {
    sub: String,
    /// How many refreshes led to the token.
    #[serde(rename = "gen")]
    generation: u32,
}

impl Claims for RefreshClaims {
    const SUBJECT_FIELD: Option<&'static str> = Some("sub");

    fn subject(&self) -> String {
        self.sub.clone()
    }
}

/// A refresh token that was presented, and is ours.
pub(crate) struct Presented {
    pub(crate) subject: String,
    pub(crate) sid: Uuid,
    pub(crate) jti: Uuid,
    pub(crate) generation: u32,
    pub(crate) sign_in: SignIn,
}

impl TryFrom<(RefreshClaims, Checked)> for Presented {
    type Error = InvalidToken;

    fn try_from((claims, checked): (RefreshClaims, Checked)) -> Result<Self, InvalidToken> {
        let sid = checked.session_id.ok_or_else(|| missing("sid"))?;
        Ok(Self {
            subject: claims.sub,
            sid,
            jti: checked.token_id,
            generation: claims.generation,
            sign_in: checked.sign_in,
        })
    }
}
