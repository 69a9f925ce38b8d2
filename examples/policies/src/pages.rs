//! The pages of a team, and who may do what with them.
//!
//! A member of another team is answered 403, whether or not there is such a page or such a team: the condition
//! reads the path and the token, before the page is looked up. A 404 would hide nothing more.

use jwt_auth::{Auth, Authorized, MaybeAuth, require_auth};
use rocket::http::Status;
use rocket::serde::json::Json;
use rocket::{Route, State, delete, get, put};

use crate::accounts::{Member, Role};
use crate::policies::{CanDestroy, CanRead};
use crate::wiki::{Page, Wiki};

#[require_auth(policy = CanRead, check = |member, team| member.is_of(team))]
#[get("/<team>/pages")]
fn titles(team: &str, wiki: &State<Wiki>) -> Json<Vec<String>> {
    Json(wiki.titles(team))
}

/// Public pages are for everyone, the others for the team. One that is not shown is answered like one that is
/// not there, since here strangers can ask.
#[require_auth(Member, optional)]
#[get("/<team>/pages/<title>")]
fn read(
    team: &str,
    title: &str,
    member: MaybeAuth<Member>,
    can_read: Option<Authorized<CanRead>>,
    wiki: &State<Wiki>,
) -> Option<Json<Page>> {
    let is_of_team = member.as_ref().is_some_and(|member| member.is_of(team));
    let page = wiki.page(team, title)?;
    (page.is_public || is_of_team && can_read.is_some()).then_some(Json(page))
}

/// Editors write. What an owner has locked, owners alone.
#[require_auth(
    role = Role::Editor,
    check = |member, team| member.is_of(team),
    any(role = Role::Owner, not(check = |_, team, title, wiki: &State<Wiki>| wiki.is_locked(team, title))),
)]
#[put("/<team>/pages/<title>", data = "<text>")]
fn write(team: &str, title: &str, text: String, member: Auth<Member>, wiki: &State<Wiki>) -> Status {
    wiki.write(team, title, text, member.id);
    Status::NoContent
}

/// Editors delete what they wrote, and owners everything.
#[require_auth(
    Member,
    check = |member, team| member.is_of(team),
    any(
        role = Role::Owner,
        all(
            role = Role::Editor,
            check = |member, team, title, wiki: &State<Wiki>| wiki.is_author(member.id, team, title),
        ),
    ),
)]
#[delete("/<team>/pages/<title>")]
fn delete(team: &str, title: &str, wiki: &State<Wiki>) -> Status {
    wiki.delete(team, title);
    Status::NoContent
}

/// All pages at once: not in a browser that was left open.
#[require_auth(policy = CanDestroy, check = |member, team| member.is_of(team))]
#[delete("/<team>/pages")]
fn delete_all(team: &str, wiki: &State<Wiki>) -> Status {
    wiki.delete_all(team);
    Status::NoContent
}

pub fn routes() -> Vec<Route> {
    jwt_auth::routes![titles, read, write, delete, delete_all]
}
