//! One route, called with every kind of caller.

use rocket::Route;
use rocket::http::{Accept, ContentType, Header, Status};
use rocket::local::asynchronous::Client;

use super::caller::{Caller, Kind};
use crate::auth::Source;
use crate::guard::audit::{Decision, Decisions};
use crate::policy::Summary;
use crate::testing::AuthRequest;

/// The callers that a public or an optional route lets in.
pub(super) const EVERYONE: &str = "everyone";

/// A route under audit.
pub(super) struct Probe<'a> {
    pub(super) client: &'a Client,
    pub(super) route: &'a Route,
    pub(super) shown: String,
    pub(super) uri: String,
    /// The name of the session cookie, if the app has them.
    pub(super) cookie: Option<&'a str>,
    /// The paths that catchers may redirect to instead of responding with 401 and 403.
    pub(super) redirects: &'a [String],
    /// Whether another route responds to its requests, which was reported.
    pub(super) is_hidden: bool,
    pub(super) problems: Vec<String>,
}

/// The token of a call.
#[derive(Clone, Copy)]
pub(super) enum Credential<'t> {
    None,
    Header(&'t str),
    /// In a session cookie, from a page of the app.
    Cookie(&'t str),
    /// In a session cookie, from a page of another site.
    OtherSite(&'t str),
}

impl<'t> Credential<'t> {
    /// Puts a token where a route with this source expects it.
    pub(super) fn new(token: &'t str, source: Option<Source>) -> Self {
        match source {
            Some(Source::Cookie) => Self::Cookie(token),
            Some(Source::Header) | None => Self::Header(token),
        }
    }
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
    async fn call(&self, credential: Credential<'_>) -> Response {
        let mut request = self.client.req(self.route.method, self.uri.clone());
        if let Some(format) = &self.route.format {
            request = match self.route.method.supports_payload() {
                true => request.header(ContentType(format.clone())),
                false => request.header(Accept::from(format.clone())),
            };
        }
        let cookie =
            |token: &str| Header::new("Cookie", format!("{}={token}", self.cookie.unwrap_or_default()));
        request = match credential {
            Credential::None => request,
            Credential::Header(token) => request.with_bearer(token),
            Credential::Cookie(token) => {
                request.header(cookie(token)).header(Header::new("Sec-Fetch-Site", "same-origin"))
            }
            Credential::OtherSite(token) => request
                .header(cookie(token))
                .header(Header::new("Sec-Fetch-Site", "cross-site"))
                .header(Header::new("Origin", "https://cross-site.invalid")),
        };
        let decisions = self.client.rocket().state::<Decisions>().expect("the app is audited");
        decisions.take();
        let response = request.dispatch().await;
        let target =
            response.headers().get_one("Location").filter(|_| response.status().class().is_redirection());
        let path = target.and_then(|target| target.split(['?', '#']).next());
        let is_redirect = path.is_some_and(|path| self.redirects.iter().any(|expected| expected == path));
        let status = response.status();
        match decisions.take() {
            Some((decision, route)) if route == self.shown => {
                let status = if is_redirect { decision.status().unwrap_or(status) } else { status };
                Response::Decided(decision, status)
            }
            _ => Response::Undecided,
        }
    }

    fn problem(&mut self, what: String) {
        self.problems.push(format!("{} {what}", self.shown));
    }

    pub(super) async fn check_public(&mut self) -> String {
        if self.call(Credential::None).await != Response::Undecided {
            self.problem("is public, but has a policy".to_owned());
        }
        EVERYONE.to_owned()
    }

    /// Checks that the route rejects each of these callers.
    pub(super) async fn check_rejected<'t>(
        &mut self,
        strangers: impl Iterator<Item = (String, Credential<'t>)>,
    ) {
        for (name, credential) in strangers {
            match self.call(credential).await {
                Response::Decided(Decision::Unauthenticated, Status::Unauthorized) => {}
                Response::Decided(Decision::Unauthenticated, status) => {
                    self.problem(format!(
                        "responds with {status} to a caller with {name}: a catcher hides the 401"
                    ));
                }
                Response::Decided(..) => self.problem(format!("lets in a caller with {name}")),
                Response::Undecided => {
                    self.report_hidden();
                    break;
                }
            }
        }
    }

    /// Checks that the route treats each of these callers as an anonymous visitor.
    pub(super) async fn check_anonymous<'t>(
        &mut self,
        strangers: impl Iterator<Item = (String, Credential<'t>)>,
    ) {
        for (name, credential) in strangers {
            match self.call(credential).await {
                Response::Decided(Decision::Anonymous, _) => {}
                Response::Decided(Decision::Met, _) => {
                    self.problem(format!("accepts {name} in a session cookie"));
                }
                Response::Decided(..) => {
                    self.problem(format!("rejects a visitor with {name} in a session cookie"));
                }
                Response::Undecided => {
                    self.report_hidden();
                    break;
                }
            }
        }
    }

    /// Checks that pages of other sites can change nothing with the cookies of these callers, or that the route accepts
    /// them if it has `cross_origin`.
    pub(super) async fn check_other_sites<'c>(
        &mut self,
        policy: &Summary,
        callers: impl Iterator<Item = &'c Caller>,
    ) {
        if self.is_hidden || self.cookie.is_none() || !policy.may_change_by_cookie(self.route.method) {
            return;
        }
        for caller in callers {
            let name = caller.name();
            let token = caller.token(self.client.rocket(), Kind::Valid);
            let response = self.call(Credential::OtherSite(&token)).await;
            match (response, policy.is_cross_origin()) {
                (Response::Decided(Decision::CrossOrigin, Status::Forbidden), false) => {}
                (Response::Decided(Decision::CrossOrigin, status), false) => self.problem(format!(
                    "responds with {status} to a page of another site that has the session cookie of {name}: a catcher \
                     hides the 403"
                )),
                (_, false) => self.problem(format!(
                    "does not reject a page of another site that has the session cookie of {name}"
                )),
                (Response::Decided(Decision::CrossOrigin, _), true) => self.problem(format!(
                    "rejects a page of another site that has the session cookie of {name}, but its access rule has \
                     `cross_origin`"
                )),
                (_, true) => {}
            }
        }
    }

    /// Reports that another route responded.
    fn report_hidden(&mut self) {
        self.is_hidden = true;
        self.problem(format!("is not the route that serves {}: another one takes precedence", self.uri));
    }

    /// Returns the callers that the route lets in.
    pub(super) async fn let_in<'c>(&mut self, policy: &Summary, callers: &'c [Caller]) -> Vec<&'c Caller> {
        let shown = policy.requirement();
        let (mut let_in, mut denied) = (Vec::new(), 0);
        for caller in callers {
            match self.decision(policy, caller).await {
                Some((Decision::Met, _)) => let_in.push(caller),
                Some((Decision::Hidden, status)) => {
                    denied += 1;
                    if status != Status::NotFound {
                        self.problem(format!(
                            "({shown}) responds with {status} to {} instead of 404: a catcher changes the status",
                            caller.name()
                        ));
                    }
                }
                Some((Decision::Denied, _)) => denied += 1,
                Some((Decision::Undecided, _)) => self.problem(format!(
                    "({shown}) cannot be decided for {}, because a condition fails at {}: set its parameter, \
                     `.parameter(\"…\", \"…\")`",
                    caller.name(),
                    self.uri
                )),
                // The token has claims of another type.
                Some((Decision::Unauthenticated | Decision::Anonymous | Decision::CrossOrigin, _)) | None => {
                }
            }
        }
        let has_clauses = !policy.is_authentication_only;
        if let_in.is_empty() && (has_clauses || !callers.is_empty()) {
            self.problem(format!("({shown}) lets none of the callers in: add one who may call it, {CALLER}"));
        }
        if policy.may_deny && denied == 0 {
            let denies = match policy.is_or_not_found() {
                true => "responds with 404 to",
                false => "denies",
            };
            self.problem(format!(
                "({shown}) {denies} none of the callers: add one who may not call it, {CALLER}"
            ));
        }
        if policy.contexts.is_some() && !let_in.is_empty() {
            self.check_sign_in(policy, &let_in).await;
        }
        let_in
    }

    /// Returns the decision about a caller who has just signed in, in each of the ways that the policy may ask for until
    /// one is accepted. Returns `None` if the policy is not evaluated.
    async fn decision(&self, policy: &Summary, caller: &Caller) -> Option<(Decision, Status)> {
        let contexts = policy.contexts.iter().flatten().map(|context| Kind::After(context));
        let mut decision = None;
        for kind in std::iter::once(Kind::Valid).chain(contexts) {
            let token = caller.token(self.client.rocket(), kind);
            match self.call(Credential::new(&token, policy.source())).await {
                Response::Decided(Decision::Met, status) => return Some((Decision::Met, status)),
                Response::Decided(other, status) => decision = Some((other, status)),
                Response::Undecided => {}
            }
        }
        decision
    }

    /// Checks that at least one of these callers is asked to sign in again if the last sign-in was long ago.
    async fn check_sign_in(&mut self, policy: &Summary, callers: &[&Caller]) {
        for caller in callers {
            let token = caller.token(self.client.rocket(), Kind::LongAfter);
            let response = self.call(Credential::new(&token, policy.source())).await;
            if matches!(response, Response::Decided(Decision::Denied, _)) {
                return;
            }
        }
        self.problem(format!(
            "({}) asks none of the callers for another sign-in: add one who needs it, {CALLER}",
            policy.requirement()
        ));
    }
}

const CALLER: &str = "`.caller(\"…\", &claims)`";
