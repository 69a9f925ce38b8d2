//! A caller of an audited app, with all the tokens that matter.

use rocket::{Orbit, Rocket};

use super::auth;
use crate::claims::{Claims, SignInClaims, to_json};
use crate::clock::Timestamp;

/// A caller.
pub(super) struct Caller {
    name: String,
    issue: Box<Issue>,
}

/// Issues a token for the claims of a caller. Returns `None` if the app issues no such tokens for these claims.
type Issue = dyn Fn(&Rocket<Orbit>, Kind<'_>) -> Option<String> + Send + Sync;

/// The token of a caller.
pub(super) enum Kind<'a> {
    Valid,
    Expired,
    /// A valid token that belongs to no session.
    WithoutSession,
    /// The caller has just signed in, with this authentication context.
    After(&'a str),
    /// The caller signed in long ago, without an authentication context.
    LongAfter,
}

impl Caller {
    pub(super) fn new<C: Claims>(name: &str, claims: &C) -> Self {
        let claims = to_json(claims).expect("claims serialize");
        let issue = move |rocket: &Rocket<Orbit>, kind: Kind<'_>| {
            let mut json = serde_json::Deserializer::from_str(&claims);
            let (claims, auth) = (C::__deserialize(&mut json).expect("claims read back"), auth(rocket));
            let token = match kind {
                Kind::Valid => auth.access_token_after(&claims, SignInClaims::at(auth.now())),
                Kind::Expired => auth.expired_access_token(&claims),
                Kind::WithoutSession => return auth.token_without_session(&claims),
                Kind::After(acr) => {
                    let sign_in = SignInClaims { acr: Some(acr.into()), ..SignInClaims::at(auth.now()) };
                    auth.access_token_after(&claims, sign_in)
                }
                Kind::LongAfter => {
                    auth.access_token_after(&claims, SignInClaims::at(Timestamp::from_secs(1)))
                }
            };
            Some(token.unwrap_or_else(|error| panic!("no token can be issued for a caller: {error}")))
        };
        Self { name: name.to_owned(), issue: Box::new(issue) }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn token(&self, rocket: &Rocket<Orbit>, kind: Kind<'_>) -> String {
        (self.issue)(rocket, kind).unwrap_or_default()
    }

    /// Returns tokens that a route rejects, with their names.
    pub(super) fn rejected(&self, rocket: &Rocket<Orbit>, is_strict: bool) -> Vec<(String, String)> {
        let name = &self.name;
        let mut rejected = vec![(format!("an expired token of {name}"), self.token(rocket, Kind::Expired))];
        let without_session = is_strict.then(|| (self.issue)(rocket, Kind::WithoutSession)).flatten();
        rejected.extend(without_session.map(|token| (format!("a token of {name} without a session"), token)));
        rejected
    }
}
