//! Every route of an app, asked by callers of every kind.

mod asked;
mod uri;

use std::fmt::{self, Write};
use std::future::{Future, IntoFuture};
use std::path::Path;
use std::pin::Pin;

use rocket::fairing::AdHoc;
use rocket::http::Header;
use rocket::local::asynchronous::Client;
use rocket::{Build, Orbit, Request, Response, Rocket, Route};

use self::asked::{Asked, DECISION, EVERYONE};
use self::uri::{is_under, uri};
use super::snapshot::keep;
use super::{AuthRequest, app, auth};
use crate::__private::declared;
use crate::claims::{BareClaims, Claims};
use crate::guard::decision::{self, Audited};

/// Asks every route of an app, and sees that it answers as its policy says:
///
/// - to a caller without a token, with an expired one, with a refresh token and with one of another key it
///   answers 401, unless it is public;
/// - if it asks for more than a valid token, it lets in one of the [callers](Audit::caller) at least, and
///   denies one at least whose token it can read: else the audit says which caller is missing;
/// - it has a policy at all: it was mounted through [`routes!`](macro@crate::routes).
///
/// What comes of it is the app's access list. Parameters of the path are `1`, and those of the query are left
/// out, unless [`parameter`](Audit::parameter) says otherwise. Conditions are asked, and handlers behind a
/// policy are not called. Those of public routes are, without a body: in an app that keeps its data elsewhere,
/// not in production.
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
    Audit { rocket, callers: Vec::new(), parameters: Vec::new(), undeclared: Vec::new() }
}

/// An audit on its way. Made by [`audit`]; nothing happens until it is awaited.
#[must_use = "nothing is asked until this is awaited"]
pub struct Audit {
    rocket: Rocket<Build>,
    callers: Vec<Caller>,
    parameters: Vec<(String, String)>,
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
#[must_use = "compare it with one that is kept: `.is_as_in(\"access.txt\")`"]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessList(String);

impl Audit {
    /// Asks as a user with these claims, too, and calls them so.
    pub fn caller<C: Claims>(mut self, name: &str, claims: &C) -> Self {
        let claims = serde_json::to_value(claims).expect("claims serialize");
        let tokens = move |rocket: &Rocket<Orbit>| {
            let claims: C = serde_json::from_value(claims.clone()).expect("claims read back");
            Tokens {
                good: auth(rocket).good_access_token(&claims).expect("there is a key"),
                expired: auth(rocket).expired_access_token(&claims).expect("there is a key"),
            }
        };
        self.callers.push(Caller { name: name.to_owned(), tokens: Box::new(tokens) });
        self
    }

    /// Gives the parameter `<name>` this value, in all paths and queries.
    pub fn parameter(mut self, name: &str, value: &str) -> Self {
        self.parameters.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Expects routes at this path, or under it, that no policy was declared for: those of a file server,
    /// say.
    pub fn undeclared(mut self, path: &str) -> Self {
        self.undeclared.push(path.trim_end_matches('/').to_owned());
        self
    }

    async fn run(self) -> AccessList {
        let Self { rocket, callers, parameters, undeclared } = self;
        let audited = app(rocket).manage(Audited).attach(AdHoc::on_response("audit", |request, response| {
            show_decision(request, response);
            Box::pin(std::future::ready(()))
        }));
        let client = Client::untracked(audited).await;
        let client = client.unwrap_or_else(|error| panic!("the app does not launch: {error}"));
        let strangers = strangers(client.rocket()).await;
        let tokens = |caller: &Caller| (caller.name.clone(), (caller.tokens)(client.rocket()));
        let callers: Vec<(String, Tokens)> = callers.iter().map(tokens).collect();

        let mut routes: Vec<&Route> = client.rocket().routes().collect();
        routes.sort_by_key(|route| (route.uri.to_string(), route.method.to_string(), route.rank));
        let (mut list, mut problems) = (String::new(), Vec::new());
        for route in routes {
            let shown = format!("{} {}", route.method, route.uri);
            let Some(policy) = declared(route) else {
                if !undeclared.iter().any(|path| is_under(route.uri.path(), path)) {
                    problems.push(format!(
                        "{shown} has no policy: mount it through `jwt_auth::routes![]`, or expect it with `.undeclared({:?})`",
                        route.uri.path()
                    ));
                }
                let _ = writeln!(list, "{shown} — undeclared");
                continue;
            };
            let mut asked =
                Asked { client: &client, route, shown, uri: uri(route, &parameters), problems: Vec::new() };
            let expired = callers
                .iter()
                .map(|(name, tokens)| (format!("an expired token of {name}"), tokens.expired.as_str()));
            let strangers =
                strangers.iter().map(|(name, token)| ((*name).to_owned(), token.as_str())).chain(expired);
            let let_in = match policy {
                "public" => asked.public().await,
                "optional" => {
                    asked.refuses(strangers.map(|(name, token)| (name, Some(token)))).await;
                    EVERYONE.to_owned()
                }
                policy => {
                    let nobody = [("no token".to_owned(), None)].into_iter();
                    asked.refuses(nobody.chain(strangers.map(|(name, token)| (name, Some(token))))).await;
                    asked.let_in(policy, &callers).await
                }
            };
            let _ = writeln!(list, "{} — {policy} — {let_in}", asked.shown);
            problems.append(&mut asked.problems);
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
    /// It is another one. The file holds it now, unless the variable `CI` is set: nobody looks at it there.
    pub fn is_as_in(&self, file: impl AsRef<Path>) {
        keep(file.as_ref(), "the access list", &self.0);
    }
}

impl fmt::Display for AccessList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Tokens that are good nowhere.
async fn strangers(rocket: &Rocket<Orbit>) -> [(&'static str, String); 3] {
    let auth = auth(rocket);
    let nobody = BareClaims::of("audit");
    let expired = auth.expired_access_token(&nobody).expect("there is a key");
    let refresh = auth.create_refresh_token("audit").await.expect("memory answers");
    let mut forged = auth.create_access_token(&nobody).expect("there is a key");
    forged.truncate(forged.rfind('.').map_or(0, |end| end + 1));
    forged.push_str("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    [("an expired token", expired), ("a refresh token", refresh), ("a forged token", forged)]
}

/// Tells the audit, by a header, what a policy said.
fn show_decision(request: &Request<'_>, response: &mut Response<'_>) {
    if let Some((decision, route)) = decision::last(request) {
        response.set_header(Header::new(DECISION, format!("{decision:?} {route}")));
    }
}
