//! What a policy, and a body of `Credentials`, mean for the callers of a route.

use utoipa::openapi::security::SecurityRequirement;

use super::document::SCHEME;
use crate::error::{AuthError, InvalidRequest, InvalidToken};
use crate::guard::MalformedCredentials;
use crate::policy::{Denied, Policy, StepUp};

/// Who may call a route, as far as clients have to know.
pub struct Security {
    /// None: everybody may.
    asked: Option<Asked>,
    reads_credentials: bool,
}

/// What is asked of callers.
struct Asked {
    optional: bool,
    strict: bool,
    /// Scopes without which nobody is let in.
    scopes: Vec<&'static str>,
    /// Whether a valid token can be not enough, and a new sign-in would not help.
    may_deny: bool,
    /// Whether a new sign-in can be asked for.
    step_up: Option<StepUp>,
    /// In the words of the source.
    clauses: String,
}

impl Security {
    /// Everybody.
    pub fn public() -> Self {
        Self { asked: None, reads_credentials: false }
    }

    /// Those who meet the policy.
    pub fn asked_by<P: Policy>(self) -> Self {
        let requirement = &P::REQUIREMENT;
        let asked = Asked {
            optional: P::OPTIONAL,
            strict: P::STRICT,
            scopes: requirement.indispensable_scopes(),
            may_deny: requirement.may_deny(),
            step_up: requirement.step_up(),
            clauses: requirement.to_string(),
        };
        Self { asked: Some(asked), ..self }
    }

    /// And with a body of `Credentials`.
    pub fn reads_credentials(self) -> Self {
        Self { reads_credentials: true, ..self }
    }

    pub(super) fn requirements(&self) -> Vec<SecurityRequirement> {
        let Some(asked) = &self.asked else { return Vec::new() };
        let bearer = SecurityRequirement::new(SCHEME, asked.scopes.iter().copied());
        match asked.optional {
            true => vec![SecurityRequirement::default(), bearer],
            false => vec![bearer],
        }
    }

    /// What the route may refuse a caller with, before its handler is called.
    pub(super) fn refusals(&self) -> Vec<AuthError> {
        let mut refusals = self.asked.as_ref().map(Asked::refusals).unwrap_or_default();
        if self.reads_credentials {
            let reasons = [
                MalformedCredentials::NotJson,
                MalformedCredentials::TooLong,
                MalformedCredentials::WrongForm,
            ];
            refusals.extend(reasons.map(AuthError::from));
        }
        refusals
    }
}

impl Asked {
    fn refusals(&self) -> Vec<AuthError> {
        let mut refusals = vec![AuthError::InvalidRequest(InvalidRequest::Malformed)];
        if !self.optional {
            refusals.push(AuthError::Unauthorized);
        }
        refusals.push(InvalidToken::BadSignature.into());
        refusals.extend(self.step_up.clone().map(AuthError::InsufficientUserAuthentication));
        if self.may_deny {
            let denied = Denied::new(&self.clauses).wanting(&self.scopes);
            refusals.push(AuthError::InsufficientScope(denied));
        }
        if self.strict {
            refusals.push(AuthError::unavailable("the store gave no answer"));
        }
        refusals
    }
}
