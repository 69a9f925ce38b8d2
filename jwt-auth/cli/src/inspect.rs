//! `jwt-auth inspect`.

use std::io::{Read, Write};
use std::process::ExitCode;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use clap::Args;
use jwt_auth::claims::SubjectClaims;
use jwt_auth::{AuthError, JwtAuth};
use serde_json::{Map, Value};

use crate::app;
use crate::explain;
use crate::failure::Failure;

/// The maximum length of the input, more than any token that is accepted.
const LONGEST: u64 = 64 * 1024;

/// Explains a token, and says whether an app with these settings accepts it.
///
/// The token is read from the standard input, because the arguments of a command are visible to every user of the
/// machine and stay in the history of the shell. If the app stores its sessions in Redis, the session of the token is
/// checked too. The rules of a route, and the claims that it reads, are not checked.
#[derive(Args)]
pub(crate) struct Inspect {
    /// Only explain the token. This needs no settings, and does not check the signature.
    #[arg(long)]
    unverified: bool,
}

impl Inspect {
    pub(crate) fn run(self, input: &mut dyn Read, out: &mut dyn Write) -> Result<ExitCode, Failure> {
        let mut text = String::new();
        input.take(LONGEST).read_to_string(&mut text).map_err(Failure::Read)?;
        let token = text.trim();
        let token = token.strip_prefix("Authorization:").unwrap_or(token).trim();
        let token = token.strip_prefix("Bearer ").unwrap_or(token).trim();
        if token.is_empty() {
            return Err(Failure::NoToken);
        }

        let mut parts = token.split('.').map(decode);
        let (header, claims) = (parts.next().flatten(), parts.next().flatten());
        show(out, "header", header.as_ref(), explain::parameter)?;
        show(out, "claims", claims.as_ref(), explain::claim)?;
        if self.unverified {
            writeln!(out, "not verified")?;
            return Ok(ExitCode::SUCCESS);
        }

        let auth = app::jwt_auth(app::settings())?;
        let is_refresh = header.as_ref().and_then(|header| header.get("typ")) == Some(&"rt+jwt".into());
        let verdict = match is_refresh {
            true => refresh_token(&auth, token),
            false => access_token(&auth, token),
        };
        match verdict {
            Ok(kind) => {
                writeln!(out, "accepted as {kind}")?;
                Ok(ExitCode::SUCCESS)
            }
            Err(error @ (AuthError::InvalidToken(_) | AuthError::InvalidGrant(_))) => {
                writeln!(out, "rejected: {}", explain::refusal(&error))?;
                Ok(ExitCode::FAILURE)
            }
            Err(error) => Err(error.into()),
        }
    }
}

fn access_token(auth: &JwtAuth, token: &str) -> Result<&'static str, AuthError> {
    let verified = auth.verify::<SubjectClaims>(token)?;
    match verified.session_id() {
        None => Ok("an access token without a session"),
        Some(_) if !auth.shares_sessions() => Ok("an access token; its session was not checked"),
        Some(_) => {
            rocket::execute(auth.check_session(&verified)).map(|()| "an access token of a live session")
        }
    }
}

fn refresh_token(auth: &JwtAuth, token: &str) -> Result<&'static str, AuthError> {
    rocket::execute(auth.check_refresh_token(token)).map(|_| "a refresh token of a live session")
}

/// Escapes characters that could move the cursor of a terminal or change its colors.
fn visible(text: &str) -> String {
    text.chars().flat_map(|c| if c.is_control() { c.escape_unicode().collect() } else { vec![c] }).collect()
}

fn decode(part: &str) -> Option<Map<String, Value>> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

fn show(
    out: &mut dyn Write,
    what: &str,
    members: Option<&Map<String, Value>>,
    explain: fn(&str, &Value) -> String,
) -> std::io::Result<()> {
    writeln!(out, "{what}")?;
    let Some(members) = members else {
        return writeln!(out, "  cannot be read, because it is not JSON in base64url\n");
    };
    for (name, value) in members {
        writeln!(out, "  {:<10} {}", name.escape_debug().to_string(), visible(&value.to_string()))?;
        writeln!(out, "  {:<10} {}", "", explain(name, value))?;
    }
    writeln!(out)
}
