//! One route, called with every kind of caller.

use rocket::Route;
use rocket::http::{Accept, ContentType, Status};
use rocket::local::asynchronous::Client;

use super::{AuthRequest, Tokens};
use crate::guard::audit::{Decision, Decisions};
use crate::policy::Summary;

/// The callers that a public or an optional route lets in.
pub(super) const EVERYONE: &str = "everyone";

/// A route under audit.
pub(super) struct Probe<'a> {
    pub(super) client: &'a Client,
    pub(super) route: &'a Route,
    pub(super) shown: String,
    pub(super) uri: String,
    pub(super) problems: Vec<String>,
}

/// The response of a route.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Response {
    /// The decision of its policy, and the status.
    Decided(Decision, Status),
    /// Its policy was not evaluated: it has none, or another route responded.
    Undecided,
}

impl Probe<'_> {
    async fn call(&self, token: Option<&str>) -> Response {
        let mut request = self.client.req(self.route.method, self.uri.clone());
        if let Some(format) = &self.route.format {
            request = match self.route.method.supports_payload() {
                true => request.header(ContentType(format.clone())),
                false => request.header(Accept::from(format.clone())),
            };
        }
        if let Some(token) = token {
            request = request.with_bearer(token);
        }
        let decisions = self.client.rocket().state::<Decisions>().expect("the app is audited");
        decisions.take();
        let status = request.dispatch().await.status();
        match decisions.take() {
            Some((decision, route)) if route == self.shown => Response::Decided(decision, status),
            _ => Response::Undecided,
        }
    }

    fn problem(&mut self, what: String) {
        self.problems.push(format!("{} {what}", self.shown));
    }

    pub(super) async fn check_public(&mut self) -> String {
        if self.call(None).await != Response::Undecided {
            self.problem("is public, but has a policy".to_owned());
        }
        EVERYONE.to_owned()
    }

    /// Checks that the route rejects each of these callers.
    pub(super) async fn check_rejected<'t>(
        &mut self,
        strangers: impl Iterator<Item = (String, Option<&'t str>)>,
    ) {
        for (name, token) in strangers {
            match self.call(token).await {
                Response::Decided(Decision::Unauthenticated, Status::Unauthorized) => {}
                Response::Decided(Decision::Unauthenticated, status) => {
                    self.problem(format!(
                        "responds with {status} to a caller with {name}: a catcher hides the 401"
                    ));
                }
                Response::Decided(..) => self.problem(format!("lets in a caller with {name}")),
                Response::Undecided => {
                    self.problem(format!(
                        "is not the route that serves {}: another one takes precedence",
                        self.uri
                    ));
                    break;
                }
            }
        }
    }

    /// Returns the callers that the route lets in.
    pub(super) async fn let_in(&mut self, policy: &Summary, callers: &[(String, Tokens)]) -> String {
        let shown = policy.requirement();
        let (mut let_in, mut denied) = (Vec::new(), 0);
        for (name, tokens) in callers {
            match self.call(Some(&tokens.valid)).await {
                Response::Decided(Decision::Met, _) => let_in.push(name.as_str()),
                Response::Decided(Decision::Denied, _) => denied += 1,
                Response::Decided(Decision::Undecided, _) => self.problem(format!(
                    "({shown}) cannot be decided for {name}, because a condition fails at {}: set its parameter, \
                     `.parameter(\"…\", \"…\")`",
                    self.uri
                )),
                // The token has claims of another type.
                Response::Decided(Decision::Unauthenticated, _) | Response::Undecided => {}
            }
        }
        let has_clauses = !policy.is_authentication_only;
        if let_in.is_empty() && (has_clauses || !callers.is_empty()) {
            self.problem(format!("({shown}) lets none of the callers in: add one who may call it, {CALLER}"));
        }
        if has_clauses && denied == 0 {
            self.problem(format!(
                "({shown}) denies none of the callers: add one who may not call it, {CALLER}"
            ));
        }
        if callers.is_empty() { "no caller was given".to_owned() } else { let_in.join(", ") }
    }
}

const CALLER: &str = "`.caller(\"…\", &claims)`";
