//! Our verdicts about requests of other sites, compared with those of tower-http, which decides as Go 1.25 does.

mod arrival;
mod exceptions;

use std::convert::Infallible;

use http::{Response, StatusCode};
use jwt_auth::{Auth, JwtAuth};
use jwt_auth_tests::{Setup, User, user};
use rocket::http::uri::Host;
use rocket::http::{Header, Method, Status};
use rocket::local::asynchronous::Client;
use rocket::route::{Handler, Outcome};
use rocket::{Data, Request, Route, async_trait, request};
use tower::{Layer, ServiceExt, service_fn};
use tower_http::csrf::CsrfLayer;

use self::arrival::{Arrival, OTHER_METHODS, TRUSTED, arrivals};
use self::exceptions::EXCEPTIONS;
use crate::app::ACCESS;

#[rocket::async_test]
async fn tower_http_judges_as_we_do_but_for_named_exceptions() {
    let app = App::launch().await;
    let mut needed = [false; EXCEPTIONS.len()];
    for request in arrivals() {
        let ours = app.passes(&request).await;
        assert_eq!(ours, tower_passes(&rewritten(&request, None)).await, "{request:?}");
        for (without, needed) in needed.iter_mut().enumerate() {
            if !*needed {
                *needed = ours != tower_passes(&rewritten(&request, Some(without))).await;
            }
        }
    }
    for ((reason, _), needed) in EXCEPTIONS.iter().zip(needed) {
        assert!(needed, "tower-http now decides in this way too: {reason}");
    }
}

/// Applies all exceptions except one.
fn rewritten(request: &Arrival, without: Option<usize>) -> Arrival {
    let mut request = request.clone();
    for (n, (_, rewrite)) in EXCEPTIONS.iter().enumerate() {
        if Some(n) != without {
            rewrite(&mut request);
        }
    }
    request
}

async fn tower_passes(request: &Arrival) -> bool {
    let layer = CsrfLayer::new().add_trusted_origin(TRUSTED).expect("an origin");
    let service = layer.layer(service_fn(async |_| Ok::<_, Infallible>(Response::new(()))));
    let mut sent = http::Request::builder().method(request.method.as_str()).uri("/");
    for (name, value) in request.headers().into_iter().chain(request.host.map(|host| ("Host", host))) {
        sent = sent.header(name, value);
    }
    let response = service.oneshot(sent.body(()).expect("a request")).await.expect("it cannot fail");
    response.status() == StatusCode::OK
}

/// An app whose only resource a cookie opens, by every method.
struct App {
    client: Client,
    access_token: String,
}

impl App {
    async fn launch() -> Self {
        let setup = Setup::memory().with("cookies.secure", true).with("cookies.origins", [TRUSTED]);
        let methods = [Method::Get, Method::Post].into_iter().chain(OTHER_METHODS);
        let routes: Vec<Route> = methods.map(|method| Route::new(method, "/", Guarded)).collect();
        let rocket = setup.rocket().mount("/", routes).register("/", jwt_auth::catchers());
        let client = Client::untracked(rocket).await.expect("the app launches");
        let auth: &JwtAuth = client.rocket().state().expect("the fairing is attached");
        let access_token = auth.generate_tokens(&user("ann")).await.expect("memory works").access_token;
        Self { client, access_token }
    }

    async fn passes(&self, request: &Arrival) -> bool {
        let mut sent = self.client.req(request.method, "/");
        if let Some(host) = request.host {
            sent.inner_mut().set_host(Host::parse(host).expect("a host"));
        }
        sent.add_header(Header::new("Cookie", format!("{ACCESS}={}", self.access_token)));
        for (name, value) in request.headers() {
            sent.add_header(Header::new(name, value));
        }
        let response = sent.body(request.body.map_or("", |(_, content)| content)).dispatch().await;
        let status = response.status();
        let body = response.into_string().await.unwrap_or_default();
        assert!(
            status == Status::Ok || request.method == Method::Head || body.contains("cross_origin"),
            "{status} {body}: {request:?}"
        );
        status == Status::Ok
    }
}

#[derive(Clone)]
struct Guarded;

#[async_trait]
impl Handler for Guarded {
    async fn handle<'r>(&self, request: &'r Request<'_>, _: Data<'r>) -> Outcome<'r> {
        match request.guard::<Auth<User>>().await {
            request::Outcome::Success(_) => Outcome::from(request, ()),
            request::Outcome::Error((status, _)) | request::Outcome::Forward(status) => {
                Outcome::error(status)
            }
        }
    }
}
