//! `jwt_auth::testing` for apps that trust several issuers.

use jwt_auth::testing::{self, AuthRequest, audit};
use rocket::local::blocking::Client;

use super::*;

/// The app, with key files that do not exist.
fn app() -> Rocket<Build> {
    let issuers = json!([
        { "issuer": PARTNER, "audience": "api", "algorithm": "RS256", "public_key": "/run/partner.pem" },
        { "issuer": CLOUD, "audience": "client-1", "audience_claim": "client_id", "jwks": "/run/cloud.json" },
    ]);
    rocket(&bare().with("issuer", "us").with("audience", "app").with("issuers", settings(issuers)))
}

fn callers() -> [(&'static str, Caller); 4] {
    let (id, roles) = (|| "ann".to_owned(), Vec::new);
    [
        ("/member", Caller::Member(Member { id: id(), roles: roles() })),
        ("/service", Caller::Service(Service { id: id(), roles: roles() })),
        ("/partner", Caller::Partner(Partner { id: id(), roles: roles() })),
        ("/cloud", Caller::Cloud(Cloud { id: id(), roles: roles() })),
    ]
}

#[test]
fn a_test_request_can_be_signed_in_as_any_variant() {
    let client = Client::untracked(testing::app(app())).expect("the app launches");
    for (own, caller) in callers() {
        for route in ROUTES {
            let status = client.get(route).as_user(&caller).dispatch().status();
            let expected = if route == own || route == "/caller" { Status::Ok } else { Status::Unauthorized };
            assert_eq!(status, expected, "{caller:?} at {route}");
        }
        assert_eq!(client.get(own).as_expired(&caller).dispatch().status(), Status::Unauthorized);
    }
    let partner = Partner { id: "ann".to_owned(), roles: Vec::new() };
    assert_eq!(client.get("/partner").as_user(&partner).dispatch().status(), Status::Ok);
}

#[rocket::async_test]
async fn an_audit_can_call_routes_as_any_variant() {
    let mut pending = audit(app()).parameter("id", "ann");
    for (name, caller) in callers() {
        pending = pending.caller(&name[1..], &caller);
    }
    let admin = Caller::Partner(Partner { id: "ben".to_owned(), roles: vec!["admin".to_owned()] });
    let other = Caller::Partner(Partner { id: "cid".to_owned(), roles: Vec::new() });
    let list = pending.caller("an admin", &admin).caller("another", &other).await.to_string();
    for line in [
        "GET /caller — any valid token — member, service, partner, cloud, an admin, another\n",
        "GET /partner — any valid token — partner, an admin, another\n",
        "GET /member — any valid token — member\n",
    ] {
        assert!(list.contains(line), "`{line}` is not in: {list}");
    }
    let thing = list.lines().find(|line| line.starts_with("GET /things/<id>")).expect("a line");
    assert!(thing.ends_with(" — member, service, partner, cloud, an admin"), "{thing}");
}
