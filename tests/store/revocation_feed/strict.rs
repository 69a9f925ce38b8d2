//! Apps and routes that ask the store on every request.

use jwt_auth::{Auth, JwtAuth};
use jwt_auth_tests::{RedisServer, Setup, User, user};
use rocket::http::{Header, Status};
use rocket::local::asynchronous::Client;

#[jwt_auth::require_auth]
#[rocket::get("/")]
fn who(user: Auth<User>) -> String {
    user.name.clone()
}

#[jwt_auth::require_auth(strict)]
#[rocket::get("/strict")]
fn strict() {}

#[rocket::async_test]
async fn a_strict_app_asks_the_store_on_every_request() {
    assert_asks_the_store("strict", "/").await;
}

#[rocket::async_test]
async fn a_strict_route_asks_the_store_on_every_request() {
    assert_asks_the_store("push", "/strict").await;
    let name = jwt_auth::routes![strict][0].name.clone().expect("a handler has a name");
    // Another test has a handler of this name, and the second one of a name shows its module.
    assert!(name.ends_with("strict → any valid token, strict"), "{name}");
}

async fn assert_asks_the_store(revocation: &str, route: &'static str) {
    let mut server = RedisServer::start();
    let setup = Setup::redis(&server).with("revocation", revocation).with("store_timeout", "300ms");
    let rocket = setup.rocket().mount("/", jwt_auth::routes![who, strict]);
    let client = Client::tracked(rocket).await.expect("the app launches");
    let auth: &JwtAuth = client.rocket().state().expect("the fairing is attached");
    let call = async |token: &str| {
        let header = Header::new("Authorization", format!("Bearer {token}"));
        client.get(route).header(header).dispatch().await.status()
    };

    let alice = auth.generate_tokens(&user("alice")).await.expect("a login");
    assert_eq!(call(&alice.access_token).await, Status::Ok);
    // The stream does not record this.
    server.run("FLUSHALL");
    assert_eq!(call(&alice.access_token).await, Status::Unauthorized);
    let loose = auth.create_access_token(&user("alice")).expect("a token");
    assert_eq!(call(&loose).await, Status::Unauthorized, "the token has no session to look up");

    server.stop();
    assert_eq!(call(&alice.access_token).await, Status::ServiceUnavailable);
}
