//! The other service at launch.

use std::time::Duration;

use tokio::time::timeout;

use super::token_set::TokenSet;
use crate::config::FastapiFramework::{self, Accept, Issue};
use crate::error::{StartupError, StoreError};

/// The state that is shared with the other service, before the app has sessions.
pub(crate) struct Legacy {
    pub(super) phase: FastapiFramework,
    pub(super) set: Box<dyn TokenSet>,
}

impl Legacy {
    /// Checks that the SET can be used.
    ///
    /// # Errors
    ///
    /// Returns an error if Redis did not answer, or if the key is not a SET.
    pub(crate) async fn open(
        phase: FastapiFramework,
        set: Box<dyn TokenSet>,
        limit: Duration,
    ) -> Result<Self, StartupError> {
        let len = match timeout(limit, set.len()).await {
            Ok(len) => len,
            Err(_) => Err(StoreError::TimedOut(limit)),
        };
        let len = len.map_err(|source| StartupError::Store {
            what: "the SET `refresh_tokens` of the Python service could not be read".to_owned(),
            source,
        })?;
        let does = match phase {
            Issue => "issued and accepted",
            Accept => "accepted",
        };
        log::info!(
            "jwt-auth: tokens of fastapi_framework are {does}; the SET `refresh_tokens` has {len} members"
        );
        Ok(Self { phase, set })
    }
}
