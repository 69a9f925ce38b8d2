//! `jwt-auth sessions` and `jwt-auth revoke`.

use std::process::ExitCode;

use clap::{ArgGroup, Args};
use jwt_auth::__private::operator;
use jwt_auth::Session;
use serde_json::json;
use uuid::Uuid;

use crate::app;
use crate::explain::{age, time};
use crate::failure::Failure;
use crate::output::{self, Out};

/// The owner of the sessions.
#[derive(Args)]
pub(crate) struct Owner {
    /// The subject of the user's tokens (`sub`).
    subject: String,
    /// The kind of claims, if their type has an audience of its own: `devices` for `#[claims(audience = "devices")]`.
    #[arg(long, value_name = "AUDIENCE")]
    kind: Option<String>,
}

/// Lists the live sessions of a user.
///
/// The exit status is 0 even if there are none. With `--session`, it is 1 if the user has no such session.
#[derive(Args)]
pub(crate) struct Sessions {
    #[command(flatten)]
    owner: Owner,
    /// Show only the session with this id (`sid`).
    #[arg(long, value_name = "ID")]
    session: Option<Uuid>,
    /// Print the sessions as JSON.
    #[arg(long)]
    json: bool,
}

/// Ends sessions of a user. All processes of the app reject their access tokens immediately.
///
/// The exit status is 1 if nothing was ended. With `--all`, it is 0 even if the user has no sessions, because the tokens
/// that have no session are rejected from then on. The same applies to `--others-than` if the session to keep is live.
#[derive(Args)]
#[command(group = ArgGroup::new("which").required(true))]
pub(crate) struct Revoke {
    #[command(flatten)]
    owner: Owner,
    /// End the session with this id (`sid`), as listed by `jwt-auth sessions`.
    #[arg(long, value_name = "ID", group = "which")]
    session: Option<Uuid>,
    /// End all sessions but the one with this id, and revoke the user's tokens that have no session. If there is no such
    /// session, nothing is ended.
    #[arg(long, value_name = "ID", group = "which")]
    others_than: Option<Uuid>,
    /// End all sessions, and revoke the user's tokens that have no session.
    #[arg(long, group = "which")]
    all: bool,
    /// Print the result as JSON: `{"ended": 2}`, the number of sessions that were ended.
    #[arg(long)]
    json: bool,
}

impl Sessions {
    pub(crate) async fn run(self, out: &mut Out) -> Result<ExitCode, Failure> {
        let auth = app::with_shared_sessions().await?;
        let Owner { subject, kind } = &self.owner;
        let mut sessions = operator::sessions(&auth, kind.as_deref(), subject).await?;
        let had_any = !sessions.is_empty();
        sessions.retain(|session| self.session.is_none_or(|id| session.id == id));
        let status = output::status(self.session.is_none() || !sessions.is_empty());
        if self.json {
            output::json(out, &sessions)?;
            return Ok(status);
        }
        for session in &sessions {
            writeln!(
                out,
                "{}  {}, ends {}{}{}",
                session.id,
                history(session),
                time(session.expires_at),
                absolute_end(session),
                device(session)
            )?;
        }
        match sessions.is_empty() {
            true if had_any => eprintln!("`{subject}` has live sessions, but not this one."),
            true => eprintln!(
                "`{subject}` has no live sessions here. The subject is the `sub` of the user's tokens, as shown by \
                 `jwt-auth inspect`. For claims with an audience of their own, set `--kind`."
            ),
            false => {}
        }
        Ok(status)
    }
}

/// Says when a session began, and when it was last used. A token without a refresh token leaves no trace of its use.
fn history(session: &Session) -> String {
    match session.refreshable {
        true => format!("signed in {}, last used {}", age(session.created_at), age(session.last_used_at)),
        false => format!("token issued {}", age(session.created_at)),
    }
}

/// Says when a session ends in any case, if refreshes can move its end.
fn absolute_end(session: &Session) -> String {
    match session.ends_at > session.expires_at {
        true => format!(", at the latest {}", time(session.ends_at)),
        false => String::new(),
    }
}

/// Formats the device of a session. Clients can send any text, so characters that could move the cursor are escaped.
fn device(session: &Session) -> String {
    let texts = [&session.label, &session.user_agent];
    let texts = texts.into_iter().flatten().map(|text| text.escape_debug().to_string());
    texts.chain(session.ip.map(|ip| ip.to_string())).map(|text| format!("  {text}")).collect()
}

impl Revoke {
    pub(crate) async fn run(self, out: &mut Out) -> Result<ExitCode, Failure> {
        let auth = app::with_shared_sessions().await?;
        let (kind, subject) = (self.owner.kind.as_deref(), &*self.owner.subject);
        // `None`: the session to keep does not exist.
        let ended: Option<usize> = match (self.session, self.others_than) {
            (Some(id), _) => Some(operator::revoke_session(&auth, kind, subject, id).await?.into()),
            (_, Some(kept)) => operator::revoke_others(&auth, kind, subject, kept).await?,
            (None, None) => Some(operator::revoke_subject(&auth, kind, subject).await?),
        };
        if self.json {
            output::json(out, &json!({ "ended": ended.unwrap_or(0) }))?;
        } else {
            let text = match ended {
                None => "There is no such session to keep, so nothing was ended.".to_owned(),
                Some(0) if self.session.is_some() => "There was no such session.".to_owned(),
                Some(0) => {
                    let other = if self.all { "" } else { "other " };
                    format!(
                        "There were no {other}sessions. The user's tokens that have no session are rejected from now on."
                    )
                }
                Some(1) => "One session was ended.".to_owned(),
                Some(many) => format!("{many} sessions were ended."),
            };
            writeln!(out, "{text}")?;
        }
        // Without `--session`, tokens that have no session were revoked, too.
        Ok(output::status(ended.is_some_and(|ended| ended > 0 || self.session.is_none())))
    }
}
