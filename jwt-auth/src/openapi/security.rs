//! What a policy means for the callers of a route.

use utoipa::openapi::security::SecurityRequirement;

use super::document::SCHEME;
use crate::error::{AuthError, InvalidRequest, InvalidToken};
use crate::policy::{Denied, Policy, StepUp};

/// Who may call a route, as far as clients have to know.
pub struct Security(Option<Asked>);

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
        Self(None)
    }

    /// Those who meet the policy.
    pub fn asked_by<P: Policy>(self) -> Self {
        let requirement = &P::REQUIREMENT;
        Self(Some(Asked {
            optional: P::OPTIONAL,
            strict: P::STRICT,
            scopes: requirement.indispensable_scopes(),
            may_deny: requirement.may_deny(),
            step_up: requirement.step_up(),
            clauses: requirement.to_string(),
        }))
    }

    pub(super) fn requirements(&self) -> Vec<SecurityRequirement> {
        let Some(asked) = &self.0 else { return Vec::new() };
        let bearer = SecurityRequirement::new(SCHEME, asked.scopes.iter().copied());
        match asked.optional {
            true => vec![SecurityRequirement::default(), bearer],
            false => vec![bearer],
        }
    }

    /// What the route may refuse a caller with, before anything else of the request is looked at.
    pub(super) fn refusals(&self) -> Vec<AuthError> {
        let Some(asked) = &self.0 else { return Vec::new() };
        let mut refusals = vec![AuthError::InvalidRequest(InvalidRequest::Malformed)];
        if !asked.optional {
            refusals.push(AuthError::Unauthorized);
        }
        refusals.push(InvalidToken::BadSignature.into());
        refusals.extend(asked.step_up.clone().map(AuthError::InsufficientUserAuthentication));
        if asked.may_deny {
            let denied = Denied::new(&asked.clauses).wanting(&asked.scopes);
            refusals.push(AuthError::InsufficientScope(denied));
        }
        if asked.strict {
            refusals.push(AuthError::unavailable("the store gave no answer"));
        }
        refusals
    }
}
