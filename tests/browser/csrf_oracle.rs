//! Our verdicts about requests of other sites, compared with those of tower-http, which decides as Go 1.25 does.

use http::StatusCode;
use jwt_auth::{Auth, JwtAuth};
use jwt_auth_tests::{Setup, User, user};
use rocket::http::uri::Host;
use rocket::http::{Header, Method, Status};
use rocket::local::asynchronous::Client;
use rocket::route::{Handler, Outcome};
use rocket::{Data, Request, Route, async_trait};
use tower::{Layer, ServiceExt, service_fn};
use tower_http::csrf::CsrfLayer;

use crate::app::ACCESS;

/// The values of a header, which may be absent or repeated.
type Field = &'static [&'static str];

/// A request as it arrives.
#[derive(Clone, Debug)]
struct Arrival {
    method: Method,
    site: Field,
    origin: Field,
    host: Option<&'static str>,
    upgrade: Option<&'static str>,
    /// The content type and the content.
    body: Option<(&'static str, &'static str)>,
}

/// A rule by which we differ from tower-http. It rewrites a request into one that tower-http judges as we judge the
/// original.
type Rule = (&'static str, fn(&mut Arrival));

/// They apply in this order.
const EXCEPTIONS: [Rule; 9] = [
    ("browsers do not apply CORS to WebSockets, so the Origin alone decides (RFC 6455, 10.2)", |request| {
        if request.upgrade.is_some_and(|protocols| protocols.to_ascii_lowercase().contains("websocket")) {
            (request.method, request.site) = (Method::Post, &[]);
        }
    }),
    (
        "Rocket takes the method from the field `_method`, so a form may change something by any method",
        |request| {
            if request.body.is_some_and(|(kind, _)| FORMS.contains(&kind)) {
                request.method = Method::Post;
            }
        },
    ),
    ("an empty Sec-Fetch-Site is no value of a browser", |request| {
        if request.site == [""] {
            request.site = CROSS_SITE;
        }
    }),
    ("of two Sec-Fetch-Site fields, nothing says which is the browser's", |request| {
        if request.site.len() > 1 {
            request.site = CROSS_SITE;
        }
    }),
    ("of two Origin fields, nothing says which is the browser's", |request| {
        if request.origin.len() > 1 {
            request.origin = NULL;
        }
    }),
    ("session cookies come from browsers, and these send at least one of the two headers", |request| {
        if matches!(request.origin, [] | [""]) {
            request.origin = NULL;
        }
    }),
    ("a page that came over http may have been changed on the way", |request| {
        if request.origin.iter().any(|origin| origin.starts_with("http://")) {
            request.origin = NULL;
        }
    }),
    ("the Origin is compared as a whole, byte for byte, with the one that a browser sends", |request| {
        if request.origin.iter().any(|origin| !is_as_browsers_write(origin)) {
            request.origin = NULL;
        }
    }),
    ("browsers write the host of an Origin in lower case and without the default port", |request| {
        if matches!(request.host, Some("APP.example.com" | "app.example.com:443")) {
            request.host = Some("app.example.com");
        }
    }),
];

fn is_as_browsers_write(origin: &str) -> bool {
    let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
    host.is_some_and(|host| !host.contains('/') && !host.contains(|c: char| c.is_ascii_uppercase()))
}

const CROSS_SITE: Field = &["cross-site"];
const NULL: Field = &["null"];
const FORMS: [&str; 2] = ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"];
const TRUSTED: &str = "https://www.example.com";

const OTHER_METHODS: [Method; 7] = [
    Method::Head,
    Method::Options,
    Method::Put,
    Method::Patch,
    Method::Delete,
    Method::Trace,
    Method::Connect,
];

/// The values of browsers come first.
const SITES: [Field; 11] = [
    &[],
    &["same-origin"],
    &["none"],
    &["same-site"],
    CROSS_SITE,
    &[""],
    &["Same-Origin"],
    &["same-origin, same-origin"],
    &["same-origin", "same-origin"],
    &["same-origin", "cross-site"],
    &["cross-site", "none"],
];

/// The common ones come first.
const ORIGINS: [Field; 23] = [
    &[],
    &["https://app.example.com"],
    &[TRUSTED],
    &["https://evil.example"],
    NULL,
    &[""],
    &["http://app.example.com"],
    &["HTTPS://app.example.com"],
    &["https://APP.example.com"],
    &["https://app.example.com/"],
    &["https://app.example.com:443"],
    &["https://app.example.com:8443"],
    &["https://ann@app.example.com"],
    &["https://app.example.com.evil.example"],
    &["https://evil.example/https://app.example.com"],
    &["https://app.example.com, https://evil.example"],
    &["https://www.example.com/"],
    &["http://www.example.com"],
    &["app.example.com"],
    &["https://app.example.com", "https://app.example.com"],
    &["https://app.example.com", "https://evil.example"],
    &["https://evil.example", "https://app.example.com"],
    &[TRUSTED, "https://evil.example"],
];

const HOSTS: [Option<&str>; 6] = [
    None,
    Some("APP.example.com"),
    Some("app.example.com:443"),
    Some("app.example.com:8443"),
    Some("app.example.com:80"),
    Some("evil.example"),
];

const UPGRADES: [&str; 4] = ["websocket", "h2c, WebSocket", "h2c", ""];

const BODIES: [(&str, &str); 6] = [
    (FORMS[0], "a=b"),
    (FORMS[0], "_method=get"),
    (FORMS[0], "_method=delete"),
    (FORMS[1], ""),
    ("text/plain", "_method=get"),
    ("application/json", "{}"),
];

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

fn arrivals() -> Vec<Arrival> {
    let host = Some("app.example.com");
    let usual = |method| Arrival { method, site: &[], origin: &[], host, upgrade: None, body: None };
    let [get, post] = [Method::Get, Method::Post].map(usual);
    let common = (&SITES[..5], &ORIGINS[..6]);

    let mut arrivals = with_headers([get.clone(), post.clone()], &SITES, &ORIGINS);
    arrivals.extend(with_headers(HOSTS.map(|host| Arrival { host, ..post.clone() }), common.0, &ORIGINS));
    arrivals.extend(with_headers(OTHER_METHODS.map(usual), common.0, common.1));
    for one in [get, post] {
        let upgrades = UPGRADES.map(|name| Arrival { upgrade: Some(name), ..one.clone() });
        let bodies = BODIES.map(|body| Arrival { body: Some(body), ..one.clone() });
        arrivals.extend(with_headers(upgrades, common.0, common.1));
        arrivals.extend(with_headers(bodies, common.0, common.1));
    }
    arrivals
}

/// Combines requests with all values of both headers.
fn with_headers<const N: usize>(requests: [Arrival; N], sites: &[Field], origins: &[Field]) -> Vec<Arrival> {
    let mut combined = Vec::new();
    for request in requests {
        for site in sites {
            combined.extend(origins.iter().map(|origin| Arrival { site, origin, ..request.clone() }));
        }
    }
    combined
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

impl Arrival {
    fn headers(&self) -> Vec<(&'static str, &'static str)> {
        let mut headers: Vec<_> = self.site.iter().map(|value| ("Sec-Fetch-Site", *value)).collect();
        headers.extend(self.origin.iter().map(|value| ("Origin", *value)));
        headers.extend(self.upgrade.map(|value| ("Upgrade", value)));
        headers.extend(self.body.map(|(kind, _)| ("Content-Type", kind)));
        headers
    }
}

async fn tower_passes(request: &Arrival) -> bool {
    let layer = CsrfLayer::new().add_trusted_origin(TRUSTED).expect("an origin");
    let service =
        layer.layer(service_fn(async |_| Ok::<_, std::convert::Infallible>(http::Response::new(()))));
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
            rocket::outcome::Outcome::Success(_) => Outcome::from(request, ()),
            rocket::outcome::Outcome::Error((status, _)) => Outcome::error(status),
            rocket::outcome::Outcome::Forward(status) => Outcome::error(status),
        }
    }
}
