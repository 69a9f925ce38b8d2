//! Two processes with one Redis: a load balancer sends each request of a browser to either of them.

use std::collections::BTreeSet;
use std::sync::Arc;

use jwt_auth::{Auth, AuthError, JwtAuth};
use jwt_auth_tests::{RedisServer, Setup, User, payload, revoked, soon};
use rocket::futures::future::join_all;
use rocket::http::uri::Host;
use rocket::http::{ContentType, Header, Method, Status};
use rocket::local::asynchronous::{Client, LocalRequest, LocalResponse};
use rocket::tokio::spawn;

use crate::app::{ACCESS, ACCESS_TTL, REFRESH, rocket};

#[rocket::async_test]
async fn twenty_racing_requests_get_one_successor_and_none_deletes_a_cookie() {
    let server = RedisServer::start();
    let site = Site::launch(Setup::redis(&server)).await;
    let old = site.sign_in("ann").await;
    site.setup.advance(ACCESS_TTL);

    let requests = (0..20).map(|n| {
        let (process, old) = (site.processes[n % 2].clone(), old.clone());
        spawn(async move { process.send(Method::Get, "/me", &old).await })
    });
    let answers: Vec<Answer> =
        join_all(requests).await.into_iter().map(|answer| answer.expect("no panic")).collect();
    let succeeded = answers.iter().filter(|answer| answer.status == Status::Ok).count();
    let renewed: Vec<Cookies> = answers.iter().filter_map(Answer::cookies).collect();
    let successors: BTreeSet<String> = renewed.iter().map(Cookies::refresh_id).collect();
    let deletions: usize = answers.iter().map(Answer::deletions).sum();
    assert_eq!((succeeded, successors.len(), deletions), (20, 1, 0), "{answers:?}");

    for new in &renewed {
        for process in &site.processes {
            process.send(Method::Get, "/me", new).await.assert_signed_in("ann");
        }
    }
}

/// The response to the renewal never arrives, and another process gets the next request, after the grace period.
#[rocket::async_test]
async fn a_renewal_whose_response_was_lost_logs_no_user_out() {
    let server = RedisServer::start();
    let site = Site::launch(Setup::redis(&server)).await;
    let old = site.sign_in("ann").await;
    site.setup.advance(ACCESS_TTL);

    let lost = site.processes[0].send(Method::Get, "/me", &old).await;
    lost.assert_signed_in("ann");
    assert!(lost.cookies().is_some(), "it was renewed: {lost:?}");
    site.setup.advance(10 * 60);

    let answer = site.processes[1].send(Method::Get, "/me", &old).await;
    answer.assert_signed_in("ann");
    let new = answer.cookies().expect("it was renewed again");
    for process in &site.processes {
        process.send(Method::Get, "/me", &new).await.assert_signed_in("ann");
    }
    assert_eq!(site.processes[0].auth().sessions::<User>("ann").await.expect("Redis works").len(), 1);
}

#[rocket::async_test]
async fn while_redis_is_stopped_no_cookie_is_deleted() {
    let mut server = RedisServer::start();
    let site = Site::launch(Setup::redis(&server).with("store_timeout", "1s")).await;
    let cookies = site.sign_in("ann").await;
    site.setup.advance(ACCESS_TTL);
    server.run("SAVE");
    server.stop();
    for process in &site.processes {
        let answer = process.send(Method::Get, "/me", &cookies).await;
        assert_eq!(answer.status, Status::ServiceUnavailable, "{answer:?}");
        assert!(answer.retry_after.is_some(), "{answer:?}");
        assert_eq!(answer.set_cookies, Vec::<String>::new());

        let answer = process.send(Method::Get, "/feed", &cookies).await;
        assert_eq!((answer.status, &*answer.body), (Status::Ok, "anonymous"), "she need not be signed in");
        assert_eq!(answer.set_cookies, Vec::<String>::new());
    }

    server.restart();
    for process in &site.processes {
        process.send(Method::Get, "/me", &cookies).await.assert_signed_in("ann");
    }
}

#[rocket::async_test]
async fn a_logout_by_cookie_counts_in_the_other_process_a_moment_later() {
    let server = RedisServer::start();
    let site = Site::launch(Setup::redis(&server)).await;
    let [one, other] = &site.processes;
    let cookies = site.sign_in("ann").await;
    other.send(Method::Get, "/me", &cookies).await.assert_signed_in("ann");

    let answer = one.send(Method::Post, "/logout", &cookies).await;
    assert_eq!((answer.status, answer.deletions()), (Status::NoContent, 2), "{answer:?}");
    soon("the other process rejects the token", || revoked(other.verify(&cookies))).await;
    for _ in 0..2 {
        for process in &site.processes {
            let answer = process.send(Method::Get, "/me", &cookies).await;
            assert_eq!(answer.status, Status::Unauthorized, "{answer:?}");
        }
        // Nor is it renewed.
        site.setup.advance(ACCESS_TTL);
    }
}

/// An app that runs in two processes.
struct Site {
    setup: Setup,
    processes: [Arc<Process>; 2],
}

struct Process(Client);

/// What the browser stores.
#[derive(Clone, Debug)]
struct Cookies {
    access_token: String,
    refresh_token: String,
}

#[derive(Debug)]
struct Answer {
    status: Status,
    retry_after: Option<String>,
    set_cookies: Vec<String>,
    body: String,
}

impl Site {
    async fn launch(setup: Setup) -> Self {
        let setup = setup.with("cookies.secure", true);
        let launch = async || {
            let client = Client::untracked(rocket(&setup)).await;
            Arc::new(Process(client.expect("the app launches")))
        };
        Self { processes: [launch().await, launch().await], setup }
    }

    async fn sign_in(&self, name: &str) -> Cookies {
        let request = self.processes[0].request(Method::Post, "/login").header(ContentType::Form);
        let answer = request.body(format!("name={name}&password=right&remember=true")).dispatch().await;
        Answer::of(answer).await.cookies().expect("a login")
    }
}

impl Process {
    /// Returns a request of a page of the app, without cookies.
    fn request(&self, method: Method, path: &'static str) -> LocalRequest<'_> {
        let mut request = self.0.req(method, path).header(Header::new("Sec-Fetch-Site", "same-origin"));
        request.inner_mut().set_host(Host::parse("app.example.com").expect("a host"));
        request
    }

    async fn send(&self, method: Method, path: &'static str, cookies: &Cookies) -> Answer {
        let Cookies { access_token, refresh_token } = cookies;
        let header = Header::new("Cookie", format!("{ACCESS}={access_token}; {REFRESH}={refresh_token}"));
        Answer::of(self.request(method, path).header(header).dispatch().await).await
    }

    fn auth(&self) -> &JwtAuth {
        self.0.rocket().state().expect("the fairing is attached")
    }

    fn verify(&self, cookies: &Cookies) -> Result<Auth<User>, AuthError> {
        self.auth().verify(&cookies.access_token)
    }
}

impl Cookies {
    fn refresh_id(&self) -> String {
        payload(&self.refresh_token)["jti"].to_string()
    }
}

impl Answer {
    async fn of(response: LocalResponse<'_>) -> Self {
        Self {
            status: response.status(),
            retry_after: response.headers().get_one("Retry-After").map(str::to_owned),
            set_cookies: response.headers().get("Set-Cookie").map(str::to_owned).collect(),
            body: response.into_string().await.unwrap_or_default(),
        }
    }

    /// Returns the cookies that the response sets.
    fn cookies(&self) -> Option<Cookies> {
        let value = |name: &str| {
            let mut pairs =
                self.set_cookies.iter().filter_map(|cookie| cookie.split(';').next()?.split_once('='));
            pairs
                .find(|(other, value)| *other == name && !value.is_empty())
                .map(|(_, value)| value.to_owned())
        };
        Some(Cookies { access_token: value(ACCESS)?, refresh_token: value(REFRESH)? })
    }

    /// Returns how many cookies the response deletes.
    fn deletions(&self) -> usize {
        self.set_cookies.iter().filter(|cookie| cookie.contains("Max-Age=0")).count()
    }

    fn assert_signed_in(&self, name: &str) {
        assert_eq!((self.status, &*self.body), (Status::Ok, &*format!("{name} by Cookie")), "{self:?}");
    }
}
