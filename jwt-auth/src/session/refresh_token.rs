//! What a verified refresh token says.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::claims::{Claims, SignIn};
use crate::clock::Timestamp;
use crate::error::InvalidToken;
use crate::verify::Verifier;

/// The claims of a refresh token. [`Body::refresh`](crate::claims::Body::refresh) writes them.
#[derive(Serialize, Deserialize)]
struct RefreshClaims {
    sub: String,
    /// The number of refreshes before this token.
    #[serde(rename = "gen")]
    generation: u32,
}

impl Claims for RefreshClaims {
    const SUBJECT_FIELD: Option<&'static str> = Some("sub");

    fn subject(&self) -> String {
        self.sub.clone()
    }
}

/// A refresh token of this app that was presented.
pub(crate) struct Presented {
    pub(crate) subject: String,
    pub(crate) sid: Uuid,
    pub(crate) jti: Uuid,
    pub(crate) generation: u32,
    pub(crate) sign_in: SignIn,
}

impl Presented {
    /// Verifies a refresh token, except for its session. With `at`, it must be valid at that time.
    pub(super) fn read(
        verifier: &Verifier,
        token: &str,
        at: Option<Timestamp>,
    ) -> Result<Self, InvalidToken> {
        let (claims, info) = verifier.refresh_token::<RefreshClaims>(token, at)?;
        Ok(Self {
            subject: claims.sub,
            sid: info.session_id.ok_or_else(|| InvalidToken::missing_claim("sid"))?,
            jti: info.token_id,
            generation: claims.generation,
            sign_in: info.sign_in,
        })
    }
}
