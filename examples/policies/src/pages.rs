//! The pages of a team, and their access rules.
//!
//! A caller who is not permitted gets the same 404 as for a page that does not exist, so the response reveals nothing: the
//! policy `InTeam` is `or_not_found`, and so are the routes that require it.

use jwt_auth::{Auth, Authorized, MaybeAuth, require_auth};
use rocket::http::Status;
use rocket::serde::json::Json;
use rocket::{Route, State, delete, get, put};

use crate::accounts::{Member, Role};
use crate::policies::{CanDestroy, CanRead, InTeam};
use crate::wiki::{Page, Wiki};

#[require_auth(policy = CanRead, policy = InTeam(team))]
#[get("/<team>/pages")]
fn titles(team: &str, wiki: &State<Wiki>) -> Json<Vec<String>> {
    Json(wiki.titles(team))
}

/// Everyone may read public pages, and the team all others. The handler decides, because anyone can call this route.
#[require_auth(Member, optional)]
#[get("/<team>/pages/<title>")]
fn read(
    team: &str,
    title: &str,
    member: MaybeAuth<Member>,
    can_read: Option<Authorized<CanRead>>,
    wiki: &State<Wiki>,
) -> Option<Json<Page>> {
    let is_of_team = member.as_ref().is_some_and(|member| member.is_in(team));
    let page = wiki.page(team, title)?;
    (page.is_public || is_of_team && can_read.is_some()).then_some(Json(page))
}

/// Editors may write. Only owners may write a locked page.
#[require_auth(
    role = Role::Editor,
    policy = InTeam(team),
    any(role = Role::Owner, not(check = |_, team, title, wiki: &State<Wiki>| wiki.is_locked(team, title))),
)]
#[put("/<team>/pages/<title>", data = "<text>")]
fn write(team: &str, title: &str, text: String, member: Auth<Member>, wiki: &State<Wiki>) -> Status {
    wiki.write(team, title, text, member.id);
    Status::NoContent
}

/// Editors may delete their own pages, and owners all pages.
#[require_auth(
    policy = InTeam(team),
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

/// Deletes all pages. A browser that was left open is not enough for this.
#[require_auth(policy = CanDestroy, policy = InTeam(team))]
#[delete("/<team>/pages")]
fn delete_all(team: &str, wiki: &State<Wiki>) -> Status {
    wiki.delete_all(team);
    Status::NoContent
}

pub fn routes() -> Vec<Route> {
    jwt_auth::routes![titles, read, write, delete, delete_all]
}
