//! The access audit, which calls every route of an app with every kind of caller.

mod caller;
mod probe;
mod uri;

use std::fmt::{self, Write};
use std::future::{Future, IntoFuture};
use std::path::Path;
use std::pin::Pin;

use rocket::local::asynchronous::Client;
use rocket::{Build, Orbit, Rocket, Route};

use self::caller::Caller;
use self::probe::{Credential, EVERYONE, Probe};
use self::uri::{is_under, uri};
use super::snapshot;
use super::{app, auth};
use crate::auth::Source;
use crate::claims::{Claims, SubjectClaims};
use crate::guard::audit::Decisions;
use crate::policy::{Access, registry};

/// Calls every route of an app, and checks that the route responds according to its access rule:
///
/// - unless the route is public, it responds with 401 to an expired token, a refresh token and a forged token, and
///   unless it is optional, also to a request without a token; a strict route also to a token without a session;
/// - if the route requires more than a valid token, it lets in at least one of the [callers](Audit::caller), and denies
///   at least one whose token it can read; otherwise, the audit says which caller is missing;
/// - a route with `or_not_found` responds with 404 to the callers whom it denies;
/// - if the route depends on the sign-in (`fresh`, `acr`), it asks at least one of them for another sign-in if the last one
///   was long ago;
/// - if the app has session cookies, a route that could change something with a cookie (its method is not `GET`, `HEAD`
///   or `OPTIONS`) responds with 403 `cross_origin` to a page of another site that has a caller's cookie, unless the
///   route has `cross_origin`;
/// - the route has an access rule: it was mounted through [`routes!`](macro@crate::routes).
///
/// Callers have their token in the `Authorization` header, or in the session cookie of a route with `cookie`.
///
/// The result is the access list of the app. Path parameters are `1` and query parameters are left out, unless
/// [`parameter`](Audit::parameter) sets them. Conditions are evaluated, but handlers behind a policy are not called.
/// Handlers of public routes are called without a body, so do not audit an app that is connected to production data.
///
/// # Panics
///
/// When awaited, panics if a route responds differently. The message lists every such route.
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
    Audit {
        rocket,
        callers: Vec::new(),
        parameters: Vec::new(),
        undeclared: Vec::new(),
        redirects: Vec::new(),
    }
}

/// An audit in progress, which [`audit`] creates. Nothing happens until it is awaited.
#[must_use = "nothing is audited until this is awaited"]
pub struct Audit {
    rocket: Rocket<Build>,
    callers: Vec<Caller>,
    parameters: Vec<(String, String)>,
    undeclared: Vec<String>,
    redirects: Vec<String>,
}

/// The access list of an app: a line for each route, with its access rule and the callers that it let in. `Display` shows it.
#[must_use = "compare it with a committed list: `.assert_matches(\"access.txt\")`"]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessList(String);

impl Audit {
    /// Adds a caller with this name and these claims. Where a route depends on the sign-in (`fresh`, `acr`), the caller has
    /// just signed in, in the required way.
    pub fn caller<C: Claims>(mut self, name: &str, claims: &C) -> Self {
        self.callers.push(Caller::new(name, claims));
        self
    }

    /// Accepts redirects to this path instead of 401 and 403: a catcher of the app shows a login page.
    pub fn redirects_to(mut self, path: &str) -> Self {
        self.redirects.push(path.to_owned());
        self
    }

    /// Sets the parameter `<name>` in all paths and queries.
    pub fn parameter(mut self, name: &str, value: &str) -> Self {
        self.parameters.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Allows routes without an access rule at or under this path, such as those of a file server.
    pub fn undeclared(mut self, path: &str) -> Self {
        self.undeclared.push(path.trim_end_matches('/').to_owned());
        self
    }

    async fn run(self) -> AccessList {
        let Self { rocket, callers, parameters, undeclared, redirects } = self;
        let client = Client::untracked(app(rocket).manage(Decisions::default())).await;
        let client = client.unwrap_or_else(|error| panic!("the app does not launch: {error}"));
        let strangers = strangers(client.rocket()).await;
        let cookie = auth(client.rocket()).cookies().map(|cookies| cookies.access_name());

        let mut routes: Vec<&Route> = client.rocket().routes().collect();
        routes.sort_by_key(|route| (route.uri.to_string(), route.method.to_string(), route.rank));
        let (mut list, mut problems) = (String::new(), Vec::new());
        for route in routes {
            let shown = format!("{} {}", route.method, route.uri);
            let Some(access) = registry::access(route) else {
                if !undeclared.iter().any(|path| is_under(route.uri.path(), path)) {
                    problems.push(format!(
                        "{shown} has no access rule: mount it through `jwt_auth::routes![]`, or allow it with \
                         `.undeclared({:?})`",
                        route.uri.path()
                    ));
                }
                let _ = writeln!(list, "{shown} — undeclared");
                continue;
            };
            let uri = uri(route, &parameters);
            let mut probe = Probe {
                client: &client,
                route,
                shown,
                uri,
                cookie,
                redirects: &redirects,
                is_hidden: false,
                problems: Vec::new(),
            };
            let (source, is_strict) = match &access {
                Access::Public => (None, false),
                Access::Optional(policy) | Access::Required(policy) => (policy.source(), policy.is_strict()),
            };
            let rejected: Vec<(String, String)> =
                callers.iter().flat_map(|caller| caller.rejected(client.rocket(), is_strict)).collect();
            let strangers = strangers.iter().map(|(name, token)| ((*name).to_owned(), token));
            let strangers = strangers.chain(rejected.iter().map(|(name, token)| (name.clone(), token)));
            let strangers = strangers.map(|(name, token)| (name, Credential::new(token, source)));
            let let_in = match &access {
                Access::Public => probe.check_public().await,
                Access::Optional(policy) => {
                    match source {
                        Some(Source::Cookie) => probe.check_anonymous(strangers).await,
                        _ => probe.check_rejected(strangers).await,
                    }
                    probe.check_other_sites(policy, callers.iter()).await;
                    EVERYONE.to_owned()
                }
                Access::Required(policy) => {
                    let anonymous = [("no token".to_owned(), Credential::None)].into_iter();
                    probe.check_rejected(anonymous.chain(strangers)).await;
                    let let_in = probe.let_in(policy, &callers).await;
                    probe.check_other_sites(policy, let_in.iter().copied()).await;
                    match callers.is_empty() {
                        true => "no caller was given".to_owned(),
                        false => let_in.iter().map(|caller| caller.name()).collect::<Vec<_>>().join(", "),
                    }
                }
            };
            let _ = writeln!(list, "{} — {access} — {let_in}", probe.shown);
            problems.append(&mut probe.problems);
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
    /// Asserts that a committed file contains this list, so that every change of access is reviewed.
    ///
    /// # Panics
    ///
    /// Panics if the list is different. The file is updated, unless the variable `CI` is set.
    pub fn assert_matches(&self, file: impl AsRef<Path>) {
        snapshot::assert_matches(file.as_ref(), "the access list", &self.0);
    }
}

impl fmt::Display for AccessList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Returns tokens that no route accepts.
async fn strangers(rocket: &Rocket<Orbit>) -> [(&'static str, String); 3] {
    let auth = auth(rocket);
    let claims = SubjectClaims::new("audit");
    let expired = auth.expired_access_token(&claims).expect("there is a key");
    let refresh = auth.create_refresh_token::<SubjectClaims>("audit").await.expect("memory answers");
    let mut forged = auth.create_access_token(&claims).await.expect("there is a key");
    forged.truncate(forged.rfind('.').map_or(0, |end| end + 1));
    forged.push_str("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    [("an expired token", expired), ("a refresh token", refresh), ("a forged token", forged)]
}
