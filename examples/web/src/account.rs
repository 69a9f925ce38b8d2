//! The account page: the user's sessions and a note. It uses only forms, no scripts.

use std::time::{Duration, SystemTime};

use askama::Template;
use jwt_auth::clock::Timestamp;
use jwt_auth::{Auth, AuthError, JwtAuth, Session, require_auth};
use rocket::form::Form;
use rocket::response::Redirect;
use rocket::serde::uuid::Uuid;
use rocket::{FromForm, Route, State, get, post, uri};

use crate::accounts::User;
use crate::notes::Notes;
use crate::page::Page;

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage {
    user: Auth<User>,
    sessions: Vec<ListedSession>,
    note: Option<String>,
}

struct ListedSession {
    id: Uuid,
    device: String,
    last_use: String,
    is_current: bool,
}

impl ListedSession {
    fn new(session: Session, user: &Auth<User>) -> Self {
        let now = Timestamp::from(SystemTime::now());
        Self {
            id: session.id,
            device: session.label.unwrap_or_default(),
            last_use: ago(now.since(session.last_used_at)),
            is_current: user.session_id() == Some(session.id),
        }
    }
}

#[require_auth]
#[get("/account")]
async fn account(
    user: Auth<User>,
    auth: &JwtAuth,
    notes: &State<Notes>,
) -> Result<Page<AccountPage>, AuthError> {
    let sessions = auth.sessions::<User>(user.id).await?;
    let sessions = sessions.into_iter().map(|session| ListedSession::new(session, &user)).collect();
    let note = notes.get(user.id);
    Ok(Page(AccountPage { user, sessions, note }))
}

#[derive(FromForm)]
struct Note {
    /// At most 1,000 bytes. The page allows 200 characters, which always fit.
    #[field(validate = len(..=1000))]
    note: String,
}

#[require_auth]
#[post("/account/note", data = "<form>")]
fn save_note(form: Form<Note>, user: Auth<User>, notes: &State<Notes>) -> Redirect {
    notes.set(user.id, form.into_inner().note);
    Redirect::to(uri!(account))
}

/// Describes how long ago something was.
fn ago(age: Duration) -> String {
    match age.as_secs() / 60 {
        0 => "just now".to_owned(),
        minutes @ 1..60 => format!("{minutes} min ago"),
        minutes @ 60..1440 => format!("{} h ago", minutes / 60),
        minutes => format!("{} d ago", minutes / 1440),
    }
}

pub fn routes() -> Vec<Route> {
    jwt_auth::routes![account, save_note]
}
