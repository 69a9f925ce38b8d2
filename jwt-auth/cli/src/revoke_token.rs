//! `jwt-auth revoke-token`.

use std::process::ExitCode;

use clap::Args;
use jwt_auth::__private::operator::{self, Identified, Origin};
use jwt_auth::{AuthError, InvalidToken};
use serde_json::json;
use uuid::Uuid;

use crate::app;
use crate::explain::{self, time};
use crate::failure::Failure;
use crate::input::{self, Input};
use crate::output::{self, Out};

/// Revokes one access token. All processes of the app reject it immediately.
///
/// The token is read from the standard input, or named by its id. Its session continues, and can get another access
/// token: to end the session, use `jwt-auth revoke`. The session of a long-lived token ends with the token.
///
/// The exit status is 1 if the token has already expired. An id is revoked whether or not there is such a token, because
/// an app does not store its access tokens.
#[derive(Args)]
pub(crate) struct RevokeToken {
    /// The id of the token (`jti`), instead of the token itself. The app remembers it for `access_ttl`, the longest
    /// time that a token issued now can be valid.
    #[arg(long, value_name = "JTI")]
    id: Option<Uuid>,
    /// Print the result as JSON: `{"revoked": true, "id": "…"}`.
    #[arg(long)]
    json: bool,
}

impl RevokeToken {
    pub(crate) async fn run(self, input: &mut Input, out: &mut Out) -> Result<ExitCode, Failure> {
        let token = match self.id {
            Some(_) => None,
            None => Some(input::token(input, "revoke-token")?),
        };
        if self.id.is_some_and(operator::is_id_of_long_lived) {
            return Err(Failure::NotRevocable(
                "it is the id of a long-lived token. Enter the token itself, or end its session with `jwt-auth revoke`"
                    .to_owned(),
            ));
        }
        let auth = app::with_shared_sessions().await?;
        let (id, known) = match (self.id, &token) {
            (Some(id), _) => (id, None),
            (None, token) => {
                let token = token.as_deref().unwrap_or_default();
                let found = operator::identify(&auth, token).map_err(|error| refused(error, &auth, token))?;
                (found.id, Some(found))
            }
        };
        let is_over = known.as_ref().is_some_and(|known| known.has_expired);
        match (&known, &token) {
            _ if is_over => {}
            // A process would forget the revocation of its id before the token expires.
            (Some(Identified { is_long_lived: true, .. }), Some(token)) => {
                if operator::end_session_of(&auth, token).await?.is_none() {
                    return Err(Failure::NotRevocable(
                        "its claims do not name a session of this app. Compare its `iss` and `aud` with `issuer` and \
                         `audience` in [default.jwt_auth]"
                            .to_owned(),
                    ));
                }
            }
            _ => operator::revoke_token(&auth, id).await?,
        }
        if self.json {
            output::json(out, &json!({ "revoked": !is_over, "id": id }))?;
        } else {
            match known {
                Some(Identified { has_expired: true, .. }) => {
                    writeln!(out, "The token {id} has already expired.")?;
                }
                Some(Identified { expires_at, .. }) => {
                    writeln!(out, "The token {id} was revoked. It would have expired {}.", time(expires_at))?;
                }
                None => writeln!(out, "The token {id} was revoked, if there is one.")?,
            }
        }
        Ok(output::status(!is_over))
    }
}

/// Returns why a text cannot be revoked.
fn refused(error: AuthError, auth: &jwt_auth::JwtAuth, token: &str) -> Failure {
    match (&error, operator::origin(auth, token)) {
        (AuthError::InvalidToken(_), Origin::Trusted(issuer)) => Failure::NotRevocable(format!(
            "it names the trusted issuer {}, and only that issuer can revoke its tokens",
            issuer.issuer()
        )),
        (AuthError::InvalidToken(InvalidToken::WrongType), _) => Failure::NotRevocable(
            "it is not an access token. To end the session of a refresh token, use `jwt-auth revoke`"
                .to_owned(),
        ),
        (AuthError::InvalidToken(_), origin) => {
            Failure::NotRevocable(explain::refusal(&error, Some(&origin)))
        }
        _ => error.into(),
    }
}
