//! `jwt-auth inspect`.

use std::process::ExitCode;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use clap::Args;
use jwt_auth::__private::operator::{self, Origin};
use jwt_auth::{AuthError, JwtAuth};
use serde_json::{Map, Value, json};

use crate::failure::Failure;
use crate::input::{self, Input};
use crate::output::{self, Out};
use crate::{app, explain};

/// Explains a token, and says whether an app with these settings accepts it.
///
/// The token is read from the standard input, because the arguments of a command are visible to every user of the
/// machine and stay in the history of the shell. If the app stores its sessions in Redis, the session of the token is
/// checked too. Tokens of trusted issuers are verified with the keys in the settings, or with the ones that the issuer
/// publishes. The rules of a route, and the claims that it reads, are not checked.
///
/// The exit status is 1 if the token is rejected.
#[derive(Args)]
pub(crate) struct Inspect {
    /// Only explain the token. This needs no settings, and does not check the signature.
    #[arg(long)]
    unverified: bool,
    /// The audience of the claims type, if it has one of its own: `devices` for `#[claims(audience = "devices")]`.
    #[arg(long, value_name = "AUDIENCE", conflicts_with = "unverified")]
    kind: Option<String>,
    /// Print the header, the claims and the verdict as JSON, without explanations.
    #[arg(long)]
    json: bool,
}

/// The verdict about a token.
enum Verdict {
    Unverified,
    Accepted(String),
    Rejected(String),
}

impl Inspect {
    pub(crate) async fn run(self, input: &mut Input, out: &mut Out) -> Result<ExitCode, Failure> {
        let token = input::token(input, "inspect")?;
        let mut parts = token.split('.').map(decode);
        let (header, claims) = (parts.next().flatten(), parts.next().flatten());
        let auth = match self.unverified {
            true => Ok(None),
            false => app::jwt_auth(app::settings()).await.map(Some),
        };
        let origin = auth.as_ref().ok().and_then(Option::as_ref).map(|auth| operator::origin(auth, &token));
        if !self.json {
            show(out, "header", header.as_ref(), explain::parameter)?;
            show(out, "claims", claims.as_ref(), |name, value| explain::claim(name, value, origin.as_ref()))?;
        }

        let auth = match &auth {
            Ok(auth) => auth.as_ref(),
            Err(_) => return Err(auth.err().unwrap_or(Failure::Settings)),
        };
        let verdict = match (auth, &origin) {
            (Some(auth), Some(origin)) => {
                let is_refresh =
                    header.as_ref().and_then(|header| header.get("typ")) == Some(&"rt+jwt".into());
                match is_refresh {
                    true => refresh_token(auth, &token).await,
                    false => access_token(auth, origin, &token, self.kind.as_deref()).await,
                }
                .map(Verdict::Accepted)
                .or_else(|error| match error {
                    AuthError::InvalidToken(_) | AuthError::InvalidGrant(_) => {
                        Ok(Verdict::Rejected(explain::refusal(&error, Some(origin))))
                    }
                    error => Err(error),
                })?
            }
            _ => Verdict::Unverified,
        };
        let is_rejected = matches!(verdict, Verdict::Rejected(_));
        if self.json {
            let (verdict, detail) = match &verdict {
                Verdict::Unverified => ("not verified", None),
                Verdict::Accepted(kind) => ("accepted", Some(kind)),
                Verdict::Rejected(reason) => ("rejected", Some(reason)),
            };
            let report = json!({ "header": header, "claims": claims, "verdict": verdict, "detail": detail });
            output::json(out, &report)?;
        } else {
            match &verdict {
                Verdict::Unverified => writeln!(out, "not verified")?,
                Verdict::Accepted(kind) => writeln!(out, "accepted as {kind}")?,
                Verdict::Rejected(reason) => writeln!(out, "rejected: {reason}")?,
            }
        }
        Ok(output::status(!is_rejected))
    }
}

async fn access_token(
    auth: &JwtAuth,
    origin: &Origin<'_>,
    token: &str,
    kind: Option<&str>,
) -> Result<String, AuthError> {
    if let Origin::Trusted(issuer) = origin {
        let checked = operator::inspect_trusted(auth, issuer, token, kind).await?;
        let audience = match checked {
            true => "",
            false => "; its audience was not checked, because only claims types name it: set `--kind`",
        };
        return Ok(format!("a token of the trusted issuer {}{audience}", issuer.issuer()));
    }
    let of_session = match operator::inspect_own(auth, token, kind).await? {
        false => " without a session",
        true if !auth.shares_sessions() => "; its session was not checked",
        true => " of a live session",
    };
    Ok(format!("an access token{of_session}"))
}

async fn refresh_token(auth: &JwtAuth, token: &str) -> Result<String, AuthError> {
    auth.check_refresh_token(token).await.map(|_| "a refresh token of a live session".to_owned())
}

fn decode(part: &str) -> Option<Map<String, Value>> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

fn show(
    out: &mut Out,
    what: &str,
    members: Option<&Map<String, Value>>,
    explain: impl Fn(&str, &Value) -> String,
) -> std::io::Result<()> {
    writeln!(out, "{what}")?;
    let Some(members) = members else {
        return writeln!(out, "  cannot be read, because it is not JSON in base64url\n");
    };
    for (name, value) in members {
        writeln!(out, "  {:<10} {}", name.escape_debug().to_string(), operator::escaped(&value.to_string()))?;
        writeln!(out, "  {:<10} {}", "", explain(name, value))?;
    }
    writeln!(out)
}
