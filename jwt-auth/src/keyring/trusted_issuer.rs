//! A trusted issuer.

use super::issuer_keys::IssuerKeys;
#[cfg(feature = "remote")]
use super::remote::Remote;
use crate::config::IssuerSettings;
use crate::error::StartupError;

/// An issuer other than the app whose tokens are accepted.
pub(crate) struct TrustedIssuer {
    /// Its `iss`.
    pub(crate) name: String,
    /// The audiences of which a token must name one, unless a claims type names another.
    pub(crate) audience: Vec<String>,
    /// The claim that names the audience.
    pub(crate) audience_claim: String,
    pub(crate) keys: IssuerKeys,
    /// Where its keys are fetched from.
    #[cfg(feature = "remote")]
    pub(crate) remote: Option<Remote>,
}

impl TrustedIssuer {
    pub(super) fn new(settings: &IssuerSettings, keys: IssuerKeys) -> Result<Self, StartupError> {
        #[cfg(feature = "remote")]
        let remote =
            settings.remote.clone().map(|remote| Remote::new(&settings.issuer, remote)).transpose()?;
        Ok(Self {
            name: settings.issuer.clone(),
            audience: settings.audience.clone(),
            audience_claim: settings.audience_claim.clone(),
            keys,
            #[cfg(feature = "remote")]
            remote,
        })
    }
}
