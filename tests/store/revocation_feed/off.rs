//! A process with `revocation = "off"` still publishes what it ends.

use jwt_auth::{InvalidGrant, JwtAuth, TokenPair};
use jwt_auth_tests::{RedisServer, Setup, User, arrive, refresh, refusal, user};

use super::{refused_soon, session};

/// A process with `revocation = "off"`, and one that follows the feed.
struct Processes {
    _server: RedisServer,
    setup: Setup,
    off: JwtAuth,
    listening: JwtAuth,
}

impl Processes {
    async fn start() -> Self {
        let server = RedisServer::start();
        let setup = Setup::redis(&server).with("max_sessions", 2);
        let off = setup.clone().with("revocation", "off").launch().await;
        let listening = setup.launch().await;
        Self { _server: server, setup, off, listening }
    }

    async fn login(&self) -> TokenPair {
        self.off.generate_tokens(&user("alice")).await.expect("a login")
    }

    /// Asserts that processes that follow the feed reject the tokens, including processes that start later.
    async fn assert_published(&self, ended: &[&TokenPair]) {
        for pair in ended {
            refused_soon(&self.listening, &pair.access_token).await;
            self.off
                .verify::<User>(&pair.access_token)
                .expect("with `revocation = \"off\"`, a token is valid until it expires");
        }
        let new = self.setup.launch().await;
        for pair in ended {
            assert!(
                new.verify::<User>(&pair.access_token).is_err(),
                "a new process does not know the revocation"
            );
        }
    }
}

#[rocket::async_test]
async fn a_logout_is_published() {
    let processes = Processes::start().await;
    let ended = processes.login().await;
    assert!(processes.off.invalidate_refresh_token(&ended.refresh_token).await.expect("a logout"));
    processes.assert_published(&[&ended]).await;
}

#[rocket::async_test]
async fn a_logout_of_another_session_is_published() {
    let processes = Processes::start().await;
    let ended = processes.login().await;
    let sid = session(&processes.off, &ended.access_token);
    assert!(processes.off.revoke_session::<User>("alice", sid).await.expect("a logout"));
    processes.assert_published(&[&ended]).await;
}

#[rocket::async_test]
async fn a_logout_everywhere_is_published() {
    let processes = Processes::start().await;
    let ended = [processes.login().await, processes.login().await];
    let program = processes.off.create_access_token(&user("alice")).await.expect("a token");
    assert_eq!(processes.off.revoke_subject::<User>("alice").await.expect("a logout everywhere"), 2);
    processes.assert_published(&[&ended[0], &ended[1]]).await;
    refused_soon(&processes.listening, &program).await;

    // Both processes agree on the revision.
    let next = processes.login().await;
    processes.listening.verify::<User>(&next.access_token).expect("issued after the logout");
}

#[rocket::async_test]
async fn a_logout_of_the_other_sessions_is_published() {
    let processes = Processes::start().await;
    let (ended, spared) = (processes.login().await, processes.login().await);
    let caller = processes.off.verify::<User>(&spared.access_token).expect("a valid token");
    assert_eq!(processes.off.revoke_others(&caller).await.expect("a logout everywhere else"), 1);
    processes.assert_published(&[&ended]).await;
    processes.listening.verify::<User>(&spared.access_token).expect("the session is alive");
}

#[rocket::async_test]
async fn a_session_dropped_by_the_limit_is_published() {
    let processes = Processes::start().await;
    let ended = processes.login().await;
    let live = [processes.login().await, processes.login().await];
    processes.assert_published(&[&ended]).await;
    for pair in &live {
        processes.listening.verify::<User>(&pair.access_token).expect("the session is alive");
    }
}

#[rocket::async_test]
async fn a_session_ended_by_reuse_is_published() {
    let processes = Processes::start().await;
    let stolen = processes.login().await;
    let next = refresh(&processes.off, &stolen.refresh_token).await.expect("a refresh");
    arrive::<User>(&processes.off, &next).await;
    processes.setup.advance(31);
    assert_eq!(refusal(refresh(&processes.off, &stolen.refresh_token).await), InvalidGrant::Reused);
    processes.assert_published(&[&stolen, &next]).await;
}

#[rocket::async_test]
async fn a_session_of_a_deleted_user_is_published() {
    let processes = Processes::start().await;
    let ended = processes.login().await;
    let gone = processes.off.refresh(&ended.refresh_token, async |_: String| None::<User>).await;
    assert_eq!(refusal(gone), InvalidGrant::NoSuchSubject);
    processes.assert_published(&[&ended]).await;
}
