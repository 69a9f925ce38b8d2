//! One route, asked by callers of every kind.

use rocket::Route;
use rocket::http::{Accept, ContentType, Status};
use rocket::local::asynchronous::Client;

use super::{AuthRequest, Tokens};
use crate::guard::decision::Decision;

/// By which header the audit is told what a policy said.
pub(super) const DECISION: &str = "Jwt-Auth-Decision";

/// Who is let in where nobody is refused.
pub(super) const EVERYONE: &str = "everyone";

/// A route that is asked.
pub(super) struct Asked<'a> {
    pub(super) client: &'a Client,
    pub(super) route: &'a Route,
    pub(super) shown: String,
    pub(super) uri: String,
    pub(super) problems: Vec<String>,
}

/// What a route answered.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Answer {
    /// What its policy said, and the status.
    Decided(Decision, Status),
    /// It has no policy that was asked, or another route answered.
    Undecided,
}

impl Asked<'_> {
    async fn ask(&self, token: Option<&str>) -> Answer {
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
        let response = request.dispatch().await;
        let decided = response.headers().get_one(DECISION).and_then(|text| text.split_once(' '));
        match decided.filter(|(_, route)| *route == self.shown) {
            Some(("Met", _)) => Answer::Decided(Decision::Met, response.status()),
            Some(("Denied", _)) => Answer::Decided(Decision::Denied, response.status()),
            Some(("Unauthenticated", _)) => Answer::Decided(Decision::Unauthenticated, response.status()),
            Some(_) => Answer::Decided(Decision::Unanswered, response.status()),
            None => Answer::Undecided,
        }
    }

    fn problem(&mut self, what: String) {
        self.problems.push(format!("{} {what}", self.shown));
    }

    pub(super) async fn public(&mut self) -> String {
        if self.ask(None).await != Answer::Undecided {
            self.problem("is public, and has a policy all the same".to_owned());
        }
        EVERYONE.to_owned()
    }

    /// Sees that it refuses each of these.
    pub(super) async fn refuses<'t>(&mut self, strangers: impl Iterator<Item = (String, Option<&'t str>)>) {
        for (name, token) in strangers {
            match self.ask(token).await {
                Answer::Decided(Decision::Unauthenticated, Status::Unauthorized) => {}
                Answer::Decided(Decision::Unauthenticated, status) => {
                    self.problem(format!(
                        "answers {status} to a caller with {name}: a catcher covers up the 401"
                    ));
                }
                Answer::Decided(..) => self.problem(format!("lets in a caller with {name}")),
                Answer::Undecided => {
                    self.problem(format!("is not what answers {}: another route comes before it", self.uri));
                    break;
                }
            }
        }
    }

    /// Who is let in of the callers.
    pub(super) async fn let_in(&mut self, policy: &str, callers: &[(String, Tokens)]) -> String {
        let (mut let_in, mut denied) = (Vec::new(), 0);
        for (name, tokens) in callers {
            match self.ask(Some(&tokens.good)).await {
                Answer::Decided(Decision::Met, _) => let_in.push(name.as_str()),
                Answer::Decided(Decision::Denied, _) => denied += 1,
                Answer::Decided(Decision::Unanswered, _) => self.problem(format!(
                    "({policy}) has no answer for {name}, since a condition has none at {}: give its parameter, \
                     `.parameter(\"…\", \"…\")`",
                    self.uri
                )),
                // The claims of another type.
                Answer::Decided(Decision::Unauthenticated, _) | Answer::Undecided => {}
            }
        }
        let asks_for_more = !policy.starts_with("any valid token");
        if let_in.is_empty() && (asks_for_more || !callers.is_empty()) {
            self.problem(format!(
                "({policy}) lets none of the callers in: add one who may call it, {CALLER}"
            ));
        }
        if asks_for_more && denied == 0 {
            self.problem(format!(
                "({policy}) denies none of the callers: add one who may not call it, {CALLER}"
            ));
        }
        if callers.is_empty() { "nobody was named".to_owned() } else { let_in.join(", ") }
    }
}

const CALLER: &str = "`.caller(\"…\", &claims)`";
