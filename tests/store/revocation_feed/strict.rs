//! Apps and routes that check the session in the store on every request.

use jwt_auth::claims::SubjectClaims;
use jwt_auth::{Auth, AuthError, Claims, JwtAuth};
use jwt_auth_tests::{RedisServer, Setup, User, user};
use rocket::Request;
use rocket::http::{Header, Status};
use rocket::local::asynchronous::Client;
use rocket::request::{FromRequest, Outcome};
use rocket::tokio::join;

#[jwt_auth::require_auth]
#[rocket::get("/")]
fn who(user: Auth<User>) -> String {
    user.name.clone()
}

#[jwt_auth::require_auth(strict)]
#[rocket::get("/strict")]
fn strict_route() {}

/// The claims as two types that are read concurrently.
struct Both(Auth<User>, Auth<SubjectClaims>);

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Both {
    type Error = AuthError;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, AuthError> {
        match join!(request.guard(), request.guard()) {
            (Outcome::Success(user), Outcome::Success(subject)) => Outcome::Success(Self(user, subject)),
            (Outcome::Error(error), _) | (_, Outcome::Error(error)) => Outcome::Error(error),
            _ => Outcome::Forward(Status::InternalServerError),
        }
    }
}

#[jwt_auth::public]
#[rocket::get("/both")]
fn both(both: Both) -> String {
    format!("{} {}", both.0.name, both.1.subject())
}

#[rocket::async_test]
async fn guards_of_two_claims_types_can_wait_for_the_store_concurrently() {
    let server = RedisServer::start();
    let setup = Setup::redis(&server).with("revocation", "strict");
    let client = Client::tracked(setup.rocket().mount("/", jwt_auth::routes![both])).await;
    let client = client.expect("the app launches");
    let auth: &JwtAuth = client.rocket().state().expect("the fairing is attached");
    let alice = auth.generate_tokens(&user("alice")).await.expect("a login");
    let header = Header::new("Authorization", format!("Bearer {}", alice.access_token));
    let response = client.get("/both").header(header).dispatch().await;
    assert_eq!(response.into_string().await.as_deref(), Some("alice alice"));
}

#[rocket::async_test]
async fn a_strict_app_checks_the_store_on_every_request() {
    assert_checks_the_store("strict", "/").await;
}

#[rocket::async_test]
async fn a_strict_route_checks_the_store_on_every_request() {
    assert_checks_the_store("push", "/strict").await;
    assert_eq!(
        jwt_auth::routes![strict_route][0].name.as_deref(),
        Some("strict_route → any valid token, strict")
    );
}

async fn assert_checks_the_store(revocation: &str, route: &'static str) {
    let mut server = RedisServer::start();
    let setup = Setup::redis(&server).with("revocation", revocation).with("store_timeout", "300ms");
    let rocket = setup.rocket().mount("/", jwt_auth::routes![who, strict_route]);
    let client = Client::tracked(rocket).await.expect("the app launches");
    let auth: &JwtAuth = client.rocket().state().expect("the fairing is attached");
    let call = async |token: &str| {
        let header = Header::new("Authorization", format!("Bearer {token}"));
        client.get(route).header(header).dispatch().await.status()
    };

    let alice = auth.generate_tokens(&user("alice")).await.expect("a login");
    assert_eq!(call(&alice.access_token).await, Status::Ok);
    // The stream does not report this.
    server.run("FLUSHALL");
    assert_eq!(call(&alice.access_token).await, Status::Unauthorized);
    let loose = auth.create_access_token(&user("alice")).await.expect("a token");
    assert_eq!(call(&loose).await, Status::Unauthorized, "the token has no session to look up");

    server.stop();
    assert_eq!(call(&alice.access_token).await, Status::ServiceUnavailable);
}
