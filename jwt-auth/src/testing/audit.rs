//! Every route of an app, asked by callers of every kind.

use std::fmt::{self, Write};
use std::future::{Future, IntoFuture};
use std::path::Path;
use std::pin::Pin;

use rocket::http::Status;
use rocket::local::asynchronous::{Client, LocalRequest};
use rocket::{Build, Orbit, Rocket, Route};

use super::snapshot::{Snapshot, keep};
use super::{AuthRequest, app, auth, login};
use crate::claims::{BareClaims, Claims};

/// Asks every route of an app, and sees that it answers as its policy says:
///
/// - to a caller without a token, with an expired one, with a refresh token and with one of another key it
///   answers 401, unless it is public;
/// - if it asks for more than a valid token, it refuses one of the [callers](Audit::caller) at least, and
///   lets in one at least: else the audit says which caller is missing;
/// - it has a policy at all: it was mounted through [`routes!`](macro@crate::routes).
///
/// What comes of it is the app's access list. The handlers are called, with `1` for each parameter of
/// the path unless [`segment`](Audit::segment) says otherwise, and without a body: in an app that keeps
/// its data elsewhere, not in production.
///
/// # Panics
///
/// When awaited: a route answers otherwise. All of them are named.
///
/// # Example
///
/// ```
/// # #[cfg(feature = "macros")] mod app {
/// # use jwt_auth::{Claims, JwtAuth, require_auth};
/// # use serde::{Deserialize, Serialize};
/// # #[derive(Claims, Serialize, Deserialize)]
/// # pub struct User { #[claims(subject)] pub id: u64, #[claims(roles)] pub roles: Vec<String> }
/// # #[require_auth(User, role = "admin")]
/// # #[rocket::get("/admin")]
/// # fn admin() {}
/// # pub fn rocket() -> rocket::Rocket<rocket::Build> {
/// #     rocket::build().attach(JwtAuth::fairing()).mount("/", jwt_auth::routes![admin])
/// # }
/// # }
/// # #[cfg(feature = "macros")] ::rocket::async_test(async {
/// # use app::{User, rocket};
/// use jwt_auth::testing::audit;
///
/// let list = audit(rocket())
///     .caller("a user", &User { id: 1, roles: vec![] })
///     .caller("an admin", &User { id: 2, roles: vec!["admin".to_owned()] })
///     .await;
/// assert_eq!(list.to_string(), "GET /admin — role = \"admin\" — an admin\n");
/// # });
/// ```
pub fn audit(rocket: Rocket<Build>) -> Audit {
    Audit { rocket, callers: Vec::new(), segments: Vec::new(), undeclared: Vec::new() }
}

/// An audit on its way. Made by [`audit`]; nothing happens until it is awaited.
#[must_use = "nothing is asked until this is awaited"]
pub struct Audit {
    rocket: Rocket<Build>,
    callers: Vec<Caller>,
    segments: Vec<(String, String)>,
    undeclared: Vec<String>,
}

struct Caller {
    name: String,
    tokens: Box<MakeTokens>,
}

type MakeTokens = dyn Fn(&Rocket<Orbit>) -> Tokens + Send;

struct Tokens {
    good: String,
    expired: String,
}

/// Who may call what, a line for each route: its policy, and the callers that it let in. `Display` shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessList(String);

impl Audit {
    /// Asks as a user with these claims, too, and calls them so.
    pub fn caller<C: Claims>(mut self, name: &str, claims: &C) -> Self {
        let claims = serde_json::to_value(claims).expect("claims serialize");
        let tokens = move |rocket: &Rocket<Orbit>| {
            let claims: C = serde_json::from_value(claims.clone()).expect("claims read back");
            Tokens {
                good: login(rocket, &claims).access_token,
                expired: auth(rocket).expired_access_token(&claims).expect("there is a key"),
            }
        };
        self.callers.push(Caller { name: name.to_owned(), tokens: Box::new(tokens) });
        self
    }

    /// Fills the parameter `<name>` of paths with this, instead of `1`.
    pub fn segment(mut self, name: &str, value: &str) -> Self {
        self.segments.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Expects routes under this path that no policy was declared for: those of a file server, say.
    pub fn undeclared(mut self, base: &str) -> Self {
        self.undeclared.push(base.to_owned());
        self
    }

    async fn run(self) -> AccessList {
        let Self { rocket, callers, segments, undeclared } = self;
        let client = Client::untracked(app(rocket)).await;
        let client = client.unwrap_or_else(|error| panic!("the app does not launch: {error}"));
        let strangers = strangers(client.rocket()).await;
        let mut routes: Vec<&Route> = client.rocket().routes().collect();
        routes.sort_by_key(|route| (route.uri.to_string(), route.method.to_string(), route.rank));
        let (mut list, mut problems) = (String::new(), Vec::new());
        for route in routes {
            let shown = format!("{} {}", route.method, route.uri);
            let Some(policy) = declared(route) else {
                if !undeclared.iter().any(|base| route.uri.base().starts_with(base.as_str())) {
                    problems.push(format!(
                        "{shown} has no policy: mount it through `jwt_auth::routes![]`, or expect it with `.undeclared({:?})`",
                        route.uri.base()
                    ));
                }
                let _ = writeln!(list, "{shown} — undeclared");
                continue;
            };
            // A login for each route: another one may have been a logout.
            let callers: Vec<(&str, Tokens)> = callers
                .iter()
                .map(|caller| (caller.name.as_str(), (caller.tokens)(client.rocket())))
                .collect();
            let asked = Asked { client: &client, route, path: path(route, &segments) };
            let expired =
                callers.iter().map(|(name, tokens)| (format!("an expired token of {name}"), &tokens.expired));
            let let_in = match policy {
                "public" => asked.public(&mut problems).await,
                policy => {
                    let strangers =
                        strangers.iter().map(|(name, token)| (name.clone(), token)).chain(expired);
                    asked.refuses_strangers(strangers, &mut problems).await;
                    asked.let_in(policy, &callers, &mut problems).await
                }
            };
            let _ = writeln!(list, "{shown} — {policy} — {let_in}");
        }
        assert!(
            problems.is_empty(),
            "the audit found:\n- {}\n\nThe access list:\n{list}",
            problems.join("\n- ")
        );
        AccessList(list)
    }
}

impl IntoFuture for Audit {
    type Output = AccessList;
    type IntoFuture = Pin<Box<dyn Future<Output = AccessList> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl AccessList {
    /// Compares it with the list in a file, which is committed: so a change of who may call what is a change
    /// that somebody looks at.
    ///
    /// # Panics
    ///
    /// It is another one. The file holds it now.
    pub fn is_as_in(&self, file: impl AsRef<Path>) {
        keep(file.as_ref(), &Snapshot { what: "the access list", text: self.0.clone() });
    }
}

impl fmt::Display for AccessList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Tokens that are good nowhere.
async fn strangers(rocket: &Rocket<Orbit>) -> Vec<(String, String)> {
    let auth = auth(rocket);
    let nobody = BareClaims::of("audit");
    let expired = auth.expired_access_token(&nobody).expect("there is a key");
    let refresh = auth.create_refresh_token("audit").await.expect("memory answers");
    let mut forged = auth.create_access_token(&nobody).expect("there is a key");
    forged.truncate(forged.rfind('.').map_or(0, |end| end + 1));
    forged.push_str("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    let named = |name: &str, token| (name.to_owned(), token);
    vec![
        named("an expired token", expired),
        named("a refresh token", refresh),
        named("a forged token", forged),
    ]
}

/// The policy of a route that came through `routes![]`.
fn declared(route: &Route) -> Option<&str> {
    let (name, policy) = route.name.as_deref()?.split_once(": ")?;
    (!name.contains(' ')).then_some(policy)
}

/// A path that the route answers to.
fn path(route: &Route, segments: &[(String, String)]) -> String {
    let value = |segment: &str| {
        let Some(name) = segment.strip_prefix('<').and_then(|name| name.strip_suffix('>')) else {
            return segment.to_owned();
        };
        let name = name.trim_end_matches("..");
        let given = segments.iter().find(|(known, _)| known == name);
        given.map_or_else(|| "1".to_owned(), |(_, value)| value.clone())
    };
    let path = route.uri.path();
    let filled: Vec<String> = path.split('/').map(value).collect();
    filled.join("/")
}

/// A route that is asked.
struct Asked<'a> {
    client: &'a Client,
    route: &'a Route,
    path: String,
}

impl Asked<'_> {
    fn request(&self) -> LocalRequest<'_> {
        let request = self.client.req(self.route.method, self.path.clone());
        match &self.route.format {
            Some(format) if self.route.method.supports_payload() => {
                request.header(rocket::http::ContentType(format.clone()))
            }
            Some(format) => request.header(rocket::http::Accept::from(format.clone())),
            None => request,
        }
    }

    /// Whether a guard refused, and with which status: the challenge is put on by the fairing alone.
    async fn refusal(&self, token: Option<&str>) -> Option<Status> {
        let request = match token {
            Some(token) => self.request().with_bearer(token),
            None => self.request(),
        };
        let response = request.dispatch().await;
        let challenged = response.headers().get("WWW-Authenticate").any(|value| value.starts_with("Bearer"));
        challenged.then(|| response.status())
    }

    fn shown(&self) -> String {
        format!("{} {}", self.route.method, self.route.uri)
    }

    async fn public(&self, problems: &mut Vec<String>) -> String {
        if let Some(status) = self.refusal(None).await {
            problems.push(format!(
                "{} is public, and answers {status} to a caller without a token",
                self.shown()
            ));
        }
        "everyone".to_owned()
    }

    async fn refuses_strangers<'t>(
        &self,
        strangers: impl Iterator<Item = (String, &'t String)>,
        problems: &mut Vec<String>,
    ) {
        let nobody = [("no token".to_owned(), None)].into_iter();
        for (name, token) in nobody.chain(strangers.map(|(name, token)| (name, Some(token.as_str())))) {
            if self.refusal(token).await != Some(Status::Unauthorized) {
                problems.push(format!("{} lets in a caller with {name}", self.shown()));
            }
        }
    }

    async fn let_in(&self, policy: &str, callers: &[(&str, Tokens)], problems: &mut Vec<String>) -> String {
        let mut let_in = Vec::new();
        for (name, tokens) in callers {
            if self.refusal(Some(&tokens.good)).await.is_none() {
                let_in.push(*name);
            }
        }
        let asks_for_more = !policy.starts_with("any valid token");
        if callers.is_empty() {
            return "no caller was named".to_owned();
        }
        if let_in.is_empty() {
            problems.push(format!(
                "{} ({policy}) lets none of the callers in: add one who may call it, `.caller(\"…\", &claims)`",
                self.shown()
            ));
        } else if asks_for_more && let_in.len() == callers.len() {
            problems.push(format!(
                "{} ({policy}) lets all callers in: add one who may not call it, `.caller(\"…\", &claims)`",
                self.shown()
            ));
        }
        let_in.join(", ")
    }
}
