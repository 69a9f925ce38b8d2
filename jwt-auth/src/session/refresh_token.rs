//! Verified refresh tokens.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::claims::{Claims, SignInClaims};
use crate::clock::Timestamp;
use crate::error::InvalidToken;
use crate::owner::{Owner, Revision};
use crate::signer::Signer;
use crate::verify::Verifier;

/// The claims of a refresh token. [`Body::refresh`](crate::claims::Body::refresh) writes them.
#[derive(Serialize, Deserialize)]
struct RefreshClaims {
    sub: String,
    /// The kind of claims of the session.
    kind: Option<String>,
    /// Whether a browser remembers the session.
    #[serde(default)]
    remember: bool,
    /// How long the session lives without a refresh, in seconds.
    idle: Option<u64>,
}

impl Claims for RefreshClaims {
    const SUBJECT_FIELD: Option<&'static str> = Some("sub");

    fn subject(&self) -> String {
        self.sub.clone()
    }
}

/// A refresh token of this app that a client presented.
pub struct Presented {
    pub(crate) owner: Owner,
    pub(crate) sid: Uuid,
    pub(crate) jti: Uuid,
    pub(crate) generation: u32,
    /// The revision of the owner when the token was issued.
    pub(crate) revision: Revision,
    pub(crate) sign_in: SignInClaims,
}

impl Presented {
    /// Verifies a refresh token, but does not look up its session. With `at`, the token must be valid at that time.
    pub(super) fn read(
        verifier: &Verifier,
        signer: &Signer,
        token: &str,
        at: Option<Timestamp>,
    ) -> Result<Self, InvalidToken> {
        let (claims, info) = verifier.refresh_token::<RefreshClaims>(token, at)?;
        // No family without refresh tokens can be continued, whatever else goes wrong.
        if info.token_id.is_nil() {
            return Err(InvalidToken::BadClaims("`jti` is the nil UUID".to_owned()));
        }
        Ok(Self {
            owner: signer.owner(claims.kind.as_deref(), &claims.sub),
            sid: info.session_id.ok_or_else(|| InvalidToken::missing_claim("sid"))?,
            jti: info.token_id,
            generation: info.generation.ok_or_else(|| InvalidToken::missing_claim("gen"))?,
            revision: info.revision.unwrap_or_default(),
            sign_in: SignInClaims {
                remember: claims.remember,
                idle: claims.idle.map(Duration::from_secs),
                ..info.sign_in
            },
        })
    }
}
