//! Trusted issuers.

use super::issuer_keys::IssuerKeys;
#[cfg(feature = "remote")]
use super::remote::Remote;
use crate::config::IssuerSettings;
use crate::error::StartupError;
use crate::event::Observers;

/// A trusted issuer, whose tokens the app accepts in addition to its own.
pub(crate) struct TrustedIssuer {
    /// The name that claims types use for it.
    pub(crate) name: String,
    /// The `iss` of its tokens.
    pub(crate) issuer: String,
    /// The accepted audiences. A token must name one of them, unless its claims type has an audience of its own.
    pub(crate) audience: Vec<String>,
    /// The claim that contains the audience.
    pub(crate) audience_claim: String,
    /// Whether its ID tokens are accepted.
    pub(crate) accepts_id_tokens: bool,
    /// The required `typ` of its tokens.
    pub(crate) typ: Option<String>,
    /// The maximum length of its tokens.
    pub(crate) max_token_length: usize,
    pub(crate) keys: IssuerKeys,
    /// Where its keys are fetched from, unless the settings contain them.
    #[cfg(feature = "remote")]
    pub(crate) remote: Option<Remote>,
}

impl TrustedIssuer {
    #[cfg_attr(not(feature = "remote"), expect(unused_variables, reason = "only fetched keys are observed"))]
    pub(super) fn new(
        settings: &IssuerSettings,
        keys: IssuerKeys,
        observers: &Observers,
    ) -> Result<Self, StartupError> {
        #[cfg(feature = "remote")]
        let remote = settings
            .remote
            .clone()
            .map(|remote| Remote::new(&settings.issuer, remote, observers.clone()))
            .transpose()?;
        Ok(Self {
            name: settings.name.clone(),
            issuer: settings.issuer.clone(),
            audience: settings.audience.clone(),
            audience_claim: settings.audience_claim.clone(),
            accepts_id_tokens: settings.accepts_id_tokens,
            typ: settings.typ.clone(),
            max_token_length: settings.max_token_length,
            keys,
            #[cfg(feature = "remote")]
            remote,
        })
    }
}
