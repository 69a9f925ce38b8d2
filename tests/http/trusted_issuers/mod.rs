//! Tokens of several issuers, and routes that accept several types of claims.

mod confusion;
mod foreign_claims;
mod launch;
mod names;
mod testing;
mod token_kinds;

use jsonwebtoken::Algorithm::{self, RS256};
use jwt_auth::{Auth, AuthError, Claims, InvalidToken, JwtAuth, MaybeAuth, require_auth};
use jwt_auth_tests::{Forge, Setup, access_token, jwk, pem, wrong_audience};
use rocket::figment::value::Value as Setting;
use rocket::http::Status;
use rocket::local::blocking::Client;
use rocket::serde::json::{Value, json};
use rocket::{Build, Rocket, get};
use serde::{Deserialize, Serialize};

use crate::app::{client_of, get};

const PARTNER: &str = "https://partner.example";
const CLOUD: &str = "https://cloud.example";

/// A user of the app.
#[derive(Claims, Debug, Serialize, Deserialize)]
struct Member {
    #[claims(subject)]
    id: String,
    #[claims(roles)]
    #[serde(default)]
    roles: Vec<String>,
}

/// A service, whose tokens the app itself issues for another audience.
#[derive(Claims, Debug, Serialize, Deserialize)]
#[claims(audience = "internal")]
struct Service {
    #[claims(subject)]
    id: String,
    #[claims(roles)]
    #[serde(default)]
    roles: Vec<String>,
}

#[derive(Claims, Debug, Serialize, Deserialize)]
#[claims(issuer = "https://partner.example", audience = "api")]
struct Partner {
    #[claims(subject)]
    id: String,
    #[claims(roles)]
    #[serde(default)]
    roles: Vec<String>,
}

/// A client of a cloud provider that writes the audience to another claim.
#[derive(Claims, Debug, Serialize, Deserialize)]
#[claims(issuer = "https://cloud.example")]
struct Cloud {
    #[claims(subject)]
    id: String,
    #[claims(roles)]
    #[serde(default, rename = "cognito:groups")]
    roles: Vec<String>,
}

#[derive(Claims, Debug, Serialize, Deserialize)]
#[claims(roles)]
enum Caller {
    Member(Member),
    Service(Service),
    Partner(Partner),
    Cloud(Cloud),
}

#[require_auth]
#[get("/caller")]
fn caller(caller: Auth<Caller>) -> String {
    let kind = match &*caller {
        Caller::Member(_) => "member",
        Caller::Service(_) => "service",
        Caller::Partner(_) => "partner",
        Caller::Cloud(_) => "cloud",
    };
    format!("{kind} {}", caller.subject())
}

#[require_auth]
#[get("/member")]
fn member(member: Auth<Member>) -> String {
    member.id.clone()
}

#[require_auth(Service)]
#[get("/service")]
fn service(service: &Service) -> String {
    service.id.clone()
}

#[require_auth(Partner)]
#[get("/partner")]
fn partner(partner: Partner) -> String {
    partner.id
}

#[require_auth(Cloud)]
#[get("/cloud")]
fn cloud() -> &'static str {
    "cloud"
}

#[require_auth(Caller, any(role = "admin", check = |caller, id: &str| caller.subject() == id))]
#[get("/things/<id>")]
fn thing(id: &str) -> String {
    id.to_owned()
}

#[require_auth(optional)]
#[get("/maybe")]
fn maybe(caller: MaybeAuth<Caller>) -> &'static str {
    if caller.is_some() { "signed in" } else { "anonymous" }
}

/// A handler with several guards of different types.
#[require_auth]
#[get("/twice")]
fn twice(caller: Auth<Caller>, same: &Caller, _partner: Auth<Partner>) -> String {
    format!("{} {}", caller.subject(), same.subject())
}

const ROUTES: [&str; 5] = ["/caller", "/member", "/service", "/partner", "/cloud"];

/// An app that trusts a partner and a cloud provider. Its own key is a P-256 key.
fn setup() -> Setup {
    let mut set: Value = serde_json::from_str(jwk::ED25519).expect("JSON");
    set["kid"] = json!("cloud-1");
    let issuers = json!([
        { "issuer": PARTNER, "audience": ["other", "api"], "algorithm": "RS256", "public_key": pem::RSA_2048_PUBLIC },
        {
            "issuer": CLOUD, "audience": "client-1", "audience_claim": "client_id",
            "jwks": json!({ "keys": [set] }).to_string(),
        },
    ]);
    bare().with("issuer", "us").with("audience", "app").with("issuers", issuers)
}

/// The same app without an issuer, an audience and trusted issuers.
fn bare() -> Setup {
    Setup::memory().key(Algorithm::ES256)
}

fn rocket(setup: &Setup) -> Rocket<Build> {
    mount(setup.rocket())
}

fn mount(rocket: Rocket<Build>) -> Rocket<Build> {
    rocket.mount("/", jwt_auth::routes![caller, member, service, partner, cloud, thing, maybe, twice])
}

fn client(setup: &Setup) -> Client {
    client_of(rocket(setup))
}

/// Returns the response of a route to this token, or `None` if the token is rejected.
fn request(client: &Client, route: &str, token: &str) -> Option<String> {
    let response = get(client, route, &[format!("Bearer {token}")]);
    match response.status() {
        Status::Ok => response.into_string(),
        Status::Unauthorized => None,
        other => panic!("{route}: {other}"),
    }
}

/// Returns the routes that accept this token.
fn let_in(client: &Client, token: &str) -> Vec<&'static str> {
    ROUTES.into_iter().filter(|route| request(client, route, token).is_some()).collect()
}

/// A valid token of the partner, for `ann`.
fn of_partner() -> Forge {
    Forge::new(RS256).header("typ", json!("JWT")).claim("iss", json!(PARTNER)).claim("sub", json!("ann"))
}

/// A valid token of the cloud provider, for `ann`.
fn of_cloud() -> Forge {
    Forge::new(Algorithm::EdDSA)
        .no_header("typ")
        .header("kid", json!("cloud-1"))
        .claim("iss", json!(CLOUD))
        .claim("sub", json!("ann"))
        .no_claim("aud")
        .claim("client_id", json!("client-1"))
}

/// Creates the app's own tokens for `ann`: a member's and a service's.
fn of_app(auth: &JwtAuth) -> (String, String) {
    let (id, roles) = ("ann".to_owned(), Vec::new());
    let member = access_token(auth, &Member { id: id.clone(), roles: roles.clone() });
    (member, access_token(auth, &Service { id, roles }))
}

/// Returns the reason why a token is rejected.
fn reason<C: Claims>(auth: &JwtAuth, token: &str) -> InvalidToken {
    match auth.verify::<C>(token).map(drop) {
        Err(AuthError::InvalidToken(reason)) => reason,
        other => panic!("not rejected as an invalid token: {other:?}"),
    }
}

/// Converts JSON to a setting for [`Setup::with`].
fn settings(value: Value) -> Setting {
    Setting::serialize(value).expect("JSON is a setting")
}
