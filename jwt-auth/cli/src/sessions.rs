//! `jwt-auth sessions` and `jwt-auth revoke`.

use std::io::Write;

use clap::{ArgGroup, Args};
use jwt_auth::__private::operator;
use jwt_auth::Session;
use uuid::Uuid;

use crate::app;
use crate::explain::{age, time};
use crate::failure::Failure;

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
#[derive(Args)]
pub(crate) struct Sessions {
    #[command(flatten)]
    owner: Owner,
    /// Print the sessions as JSON.
    #[arg(long)]
    json: bool,
}

/// Ends sessions of a user. All processes of the app reject their access tokens immediately.
#[derive(Args)]
#[command(group = ArgGroup::new("which").required(true))]
pub(crate) struct Revoke {
    #[command(flatten)]
    owner: Owner,
    /// End the session with this id (`sid`), as listed by `jwt-auth sessions`.
    #[arg(long, value_name = "ID", group = "which")]
    session: Option<Uuid>,
    /// End all sessions, and revoke the user's tokens that have no session.
    #[arg(long, group = "which")]
    all: bool,
}

impl Sessions {
    pub(crate) fn run(self, out: &mut dyn Write) -> Result<(), Failure> {
        let auth = app::with_shared_sessions()?;
        let sessions =
            rocket::execute(operator::sessions(&auth, self.owner.kind.as_deref(), &self.owner.subject))?;
        if self.json {
            let json = serde_json::to_string_pretty(&sessions).expect("times and text serialize");
            return Ok(writeln!(out, "{json}")?);
        }
        for session in &sessions {
            writeln!(
                out,
                "{}  signed in {}, last used {}, ends {}{}",
                session.id,
                age(session.created_at),
                age(session.last_used_at),
                time(session.expires_at),
                device(session)
            )?;
        }
        if sessions.is_empty() {
            eprintln!(
                "`{}` has no live sessions here. The subject is the `sub` of the user's tokens, as shown by `jwt-auth \
                 inspect`. For claims with an audience of their own, set `--kind`.",
                self.owner.subject
            );
        }
        Ok(())
    }
}

/// Formats the device of a session. Clients can send any text, so characters that could move the cursor are escaped.
fn device(session: &Session) -> String {
    let texts = [&session.label, &session.user_agent];
    let texts = texts.into_iter().flatten().map(|text| text.escape_debug().to_string());
    texts.chain(session.ip.map(|ip| ip.to_string())).map(|text| format!("  {text}")).collect()
}

impl Revoke {
    pub(crate) fn run(self, out: &mut dyn Write) -> Result<(), Failure> {
        let auth = app::with_shared_sessions()?;
        let ended = rocket::execute(async {
            let (kind, subject) = (self.owner.kind.as_deref(), &*self.owner.subject);
            match self.session {
                Some(id) => operator::revoke_session(&auth, kind, subject, id).await.map(usize::from),
                None => operator::revoke_subject(&auth, kind, subject).await,
            }
        })?;
        match ended {
            0 if self.all => writeln!(
                out,
                "There were no sessions. The user's tokens that have no session are rejected from now on."
            )?,
            0 => writeln!(out, "There was no such session.")?,
            1 => writeln!(out, "One session was ended.")?,
            many => writeln!(out, "{many} sessions were ended.")?,
        }
        Ok(())
    }
}
