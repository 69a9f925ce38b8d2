//! Both services, on one Redis.

mod redis_server;

use std::thread::sleep;
use std::time::Duration;

use rocket::error::ErrorKind;
use rocket::http::{ContentType, Header, Status};
use rocket::local::blocking::{Client, LocalRequest, LocalResponse};
use rocket::serde::json::{Value, json};
use rocket::{Build, Config, Rocket};

use crate::{accounts, orders};
use redis_server::RedisServer;

const CLERK: (&str, &str) = ("admin", "correct horse battery staple");
const CUSTOMER: (&str, &str) = ("demo", "hunter2hunter2");

struct Services {
    accounts: Client,
    orders: Client,
    redis: RedisServer,
}

struct Pair {
    access: String,
    refresh: String,
}

/// Returns the service in the debug profile, with this Redis.
fn on(redis: &RedisServer, service: Rocket<Build>) -> Rocket<Build> {
    let config = service.figment().clone().select(Config::DEBUG_PROFILE);
    service.configure(config.merge(("jwt_auth.redis", redis.url())))
}

impl Services {
    fn start() -> Self {
        let redis = RedisServer::start();
        let client = |service| Client::untracked(on(&redis, service)).expect("the service launches");
        Self { accounts: client(accounts::rocket()), orders: client(orders::rocket()), redis }
    }

    fn login(&self, (username, password): (&str, &str)) -> Pair {
        Pair::of(self.post("/login", json!({ "username": username, "password": password })))
    }

    fn refresh(&self, pair: &Pair) -> LocalResponse<'_> {
        self.post("/refresh", json!({ "refresh_token": pair.refresh }))
    }

    fn logout(&self, pair: &Pair) -> Status {
        self.post("/logout", json!({ "refresh_token": pair.refresh })).status()
    }

    fn post(&self, path: &'static str, body: Value) -> LocalResponse<'_> {
        self.accounts.post(path).header(ContentType::JSON).body(body.to_string()).dispatch()
    }

    fn orders(&self, path: &'static str, pair: &Pair) -> LocalResponse<'_> {
        bearer(self.orders.get(path), pair).dispatch()
    }

    fn order(&self, item: &str, pair: &Pair) -> Status {
        let order = bearer(self.orders.post("/orders"), pair).header(ContentType::JSON);
        order.body(json!({ "item": item }).to_string()).dispatch().status()
    }
}

impl Pair {
    fn of(response: LocalResponse<'_>) -> Self {
        assert_eq!(response.status(), Status::Ok);
        let pair: Value = response.into_json().expect("the body is JSON");
        let token = |name: &str| pair[name].as_str().expect("a token is a string").to_owned();
        Self { access: token("access_token"), refresh: token("refresh_token") }
    }
}

fn bearer<'c>(request: LocalRequest<'c>, pair: &Pair) -> LocalRequest<'c> {
    request.header(Header::new("Authorization", format!("Bearer {}", pair.access)))
}

#[test]
fn one_service_accepts_the_tokens_of_the_other() {
    let services = Services::start();
    let (customer, clerk) = (services.login(CUSTOMER), services.login(CLERK));
    assert_eq!(services.order("tea", &customer), Status::Ok);
    assert_eq!(services.order("ink", &clerk), Status::Ok);

    let tea = json!({ "customer": 2, "item": "tea" });
    assert_eq!(services.orders("/orders", &customer).into_json(), Some(json!([tea])));
    let all = json!([tea, { "customer": 1, "item": "ink" }]);
    assert_eq!(services.orders("/orders/all", &clerk).into_json(), Some(all));
    assert_eq!(services.orders("/orders/all", &customer).status(), Status::Forbidden);
    assert_eq!(services.orders.get("/orders").dispatch().status(), Status::Unauthorized);

    let next = Pair::of(services.refresh(&customer));
    assert_eq!(services.orders("/orders", &next).into_json(), Some(json!([tea])));
    let refresh_token = Pair { access: next.refresh, refresh: String::new() };
    assert_eq!(services.orders("/orders", &refresh_token).status(), Status::Unauthorized);
}

#[test]
fn a_logout_in_one_service_takes_effect_in_the_other() {
    let services = Services::start();
    let (customer, other) = (services.login(CUSTOMER), services.login(CUSTOMER));
    assert_eq!(services.orders("/orders", &customer).status(), Status::Ok);

    assert_eq!(services.logout(&customer), Status::NoContent);
    assert_eq!(services.order("tea", &customer), Status::Unauthorized, "this asks Redis");
    let is_rejected = (0..500).any(|_| {
        sleep(Duration::from_millis(10));
        services.orders("/orders", &customer).status() == Status::Unauthorized
    });
    assert!(is_rejected, "the access token is rejected within five seconds");
    assert_eq!(services.orders("/orders", &other).status(), Status::Ok, "the other session is alive");
}

#[test]
fn wrong_credentials_are_rejected() {
    let services = Services::start();
    for (username, password) in [(CUSTOMER.0, CLERK.1), ("unknown", CUSTOMER.1)] {
        let rejected = services.post("/login", json!({ "username": username, "password": password }));
        assert_eq!(rejected.status(), Status::Unauthorized);
    }
    let ended = services.login(CUSTOMER);
    assert_eq!(services.logout(&ended), Status::NoContent);
    assert_eq!(services.refresh(&ended).status(), Status::Unauthorized);
}

#[test]
fn orders_verifies_tokens_while_redis_is_unavailable() {
    let mut services = Services::start();
    let customer = services.login(CUSTOMER);
    services.redis.stop();
    assert_eq!(services.orders("/orders", &customer).status(), Status::Ok);
    assert_eq!(services.order("tea", &customer), Status::ServiceUnavailable, "this asks Redis");
    assert_eq!(services.refresh(&customer).status(), Status::ServiceUnavailable);
}

#[test]
fn a_release_build_does_not_use_the_keys_of_the_repository() {
    let redis = RedisServer::start();
    for service in [accounts::rocket(), orders::rocket()] {
        let service = on(&redis, service);
        let release = service.figment().clone().select(Config::RELEASE_PROFILE);
        let error = Client::untracked(service.configure(release)).expect_err("there is no key");
        assert!(matches!(error.kind(), ErrorKind::FailedFairings(_)), "{error}");
    }
}
