//! Named policies, and role hierarchies.

use std::sync::atomic::{AtomicBool, Ordering};

use jwt_auth::{Claims, Policy, RoleHierarchy, policy, require_auth};
use rocket::http::Status;
use rocket::local::blocking::Client;
use rocket::{State, get};
use serde::{Deserialize, Serialize};

use crate::app::{Role, User, client, get, rocket, user};

/// May edit posts.
#[policy(User, any(role = Role::Editor, scope = "posts:write"))]
pub(crate) struct CanEdit;

mod shop {
    use super::*;

    pub(crate) struct Open(pub AtomicBool);

    #[policy(User, check = |_, shop: &State<Open>| shop.0.load(Ordering::Relaxed))]
    pub(crate) struct IsOpen;
}

#[policy(User, any(role = Role::Admin, all(policy = CanEdit, policy = shop::IsOpen)))]
struct CanDelete;

#[policy(User, strict, scope = "a")]
struct Strict;

#[require_auth(policy = CanEdit)]
#[get("/edit")]
fn edit() {}

#[require_auth(policy = CanEdit, check = |user, id| user.id == id)]
#[get("/edit/<id>")]
fn edit_own(id: u64) -> String {
    id.to_string()
}

#[require_auth(User, policy = CanDelete)]
#[get("/delete")]
fn delete() {}

#[require_auth(User, not(policy = CanEdit))]
#[get("/read")]
fn read() {}

#[require_auth(User, any(policy = Strict, role = Role::Admin))]
#[get("/strict")]
fn strict() {}

#[test]
fn routes_can_share_a_policy() {
    let rocket = rocket().manage(shop::Open(AtomicBool::new(true)));
    let routes = jwt_auth::routes![edit, edit_own, delete, read];
    let client = Client::untracked(rocket.mount("/", routes)).expect("the app launches");
    let paths = ["/edit", "/edit/7", "/edit/8", "/delete", "/read"];
    let cases = [
        (user([], ""), [403, 403, 403, 403, 200]),
        (user([Role::Editor], ""), [200, 200, 403, 200, 403]),
        (user([], "posts:write"), [200, 200, 403, 200, 403]),
        (user([Role::Admin], ""), [403, 403, 403, 200, 200]),
    ];
    for (claims, expected) in &cases {
        assert_eq!(paths.map(|path| get(&client, path, claims).0.code), *expected, "{}", claims.scope);
    }
    client.rocket().state::<shop::Open>().expect("managed").0.store(false, Ordering::Relaxed);
    assert_eq!(get(&client, "/delete", &cases[1].0).0, Status::Forbidden);
    assert_eq!(get(&client, "/delete", &cases[3].0).0, Status::Ok);
}

#[test]
fn a_guard_of_a_named_policy_stops_the_launch() {
    let launch = Client::untracked(rocket().mount("/", jwt_auth::routes![delete]));
    let error = launch.map(drop).unwrap_err();
    assert!(matches!(error.kind(), rocket::error::ErrorKind::SentinelAborts(_)));
}

/// A token without a session is rejected on strict routes.
#[test]
fn a_strict_policy_makes_its_routes_strict() {
    const { assert!(Strict::STRICT && !CanEdit::STRICT) };
    let client = client(jwt_auth::routes![strict]);
    assert_eq!(get(&client, "/strict", &user([Role::Admin], "a")).0, Status::Unauthorized);
}

#[test]
fn route_names_expand_named_policies() {
    let names: Vec<_> = jwt_auth::routes![edit, delete, strict]
        .into_iter()
        .map(|route| route.name.expect("routes have names").into_owned())
        .collect();
    let can_edit = r#"policy = CanEdit { any(role = Role::Editor, scope = "posts:write") }"#;
    let is_open = "policy = shop::IsOpen { check = |_, shop: &State<Open>| shop.0.load(Ordering::Relaxed) }";
    assert_eq!(
        names,
        [
            format!("edit → {can_edit}"),
            format!("delete → policy = CanDelete {{ any(role = Role::Admin, all({can_edit}, {is_open})) }}"),
            r#"strict → any(policy = Strict { scope = "a" }, role = Role::Admin), strict"#.to_owned(),
        ]
    );
}

mod hierarchy {
    use super::*;

    #[derive(Claims, Serialize, Deserialize)]
    struct Member {
        #[claims(subject)]
        id: u64,
        #[claims(roles)]
        rank: Option<Rank>,
    }

    #[derive(Clone, Copy, PartialEq, Serialize, Deserialize)]
    enum Rank {
        Owner,
        Editor,
        Reader,
        /// Implies nothing, and is implied by `Owner`.
        Tenant(u64),
    }

    impl RoleHierarchy for Rank {
        fn implies(&self) -> Vec<Self> {
            match self {
                Rank::Owner => vec![Rank::Editor, Rank::Tenant(1)],
                Rank::Editor => vec![Rank::Reader],
                // A cycle must neither loop forever nor promote a reader.
                Rank::Reader => vec![Rank::Reader],
                Rank::Tenant(_) => vec![],
            }
        }
    }

    #[require_auth(Member, role = Rank::Owner)]
    #[get("/owner")]
    fn owner() {}

    #[require_auth(Member, role = Rank::Reader)]
    #[get("/reader")]
    fn reader() {}

    #[require_auth(Member, role = Rank::Tenant(1))]
    #[get("/tenant")]
    fn tenant() {}

    #[require_auth(Member, not(role = Rank::Reader))]
    #[get("/non-reader")]
    fn non_reader() {}

    #[test]
    fn a_role_includes_the_roles_that_it_implies() {
        let client = client(jwt_auth::routes![owner, reader, tenant, non_reader]);
        for (rank, expected) in [
            (Some(Rank::Owner), [200, 200, 200, 403]),
            (Some(Rank::Editor), [403, 200, 403, 403]),
            (Some(Rank::Reader), [403, 200, 403, 403]),
            (Some(Rank::Tenant(1)), [403, 403, 200, 200]),
            (Some(Rank::Tenant(2)), [403, 403, 403, 200]),
            (None, [403, 403, 403, 200]),
        ] {
            let paths = ["/owner", "/reader", "/tenant", "/non-reader"];
            let member = Member { id: 7, rank };
            assert_eq!(paths.map(|path| get(&client, path, &member).0.code), expected);
        }
    }
}
