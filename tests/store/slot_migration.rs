//! A cluster that is moving a slot, so that its keys are on two nodes for a while. Every operation still works, and every
//! process still receives the revocations.

use jwt_auth::store::Owner;
use jwt_auth::{JwtAuth, TokenPair};
use jwt_auth_tests::{Migration, RedisCluster, Setup, User, payload, refresh, refusal, user};
use rocket::futures::future::join_all;
use uuid::Uuid;

use crate::clients::{Clients, refused_soon, soon};

/// The keys of the slot that have already moved to the other node.
#[derive(Clone, Copy, Debug)]
enum Moved {
    Nothing,
    Sessions,
    Stream,
    Retention,
    Everything,
}

impl Moved {
    const ALL: [Self; 5] = [Self::Nothing, Self::Sessions, Self::Stream, Self::Retention, Self::Everything];

    fn apply(self, migration: &Migration<'_>) {
        migration.move_keys(|key| {
            let (is_stream, is_retention) = (key.ends_with(":revocations"), key.ends_with(":retention"));
            match self {
                Self::Nothing => false,
                Self::Sessions => !is_stream && !is_retention,
                Self::Stream => is_stream,
                Self::Retention => is_retention,
                Self::Everything => true,
            }
        });
    }
}

/// Hash tags of keys. Each is in a different slot.
const TAGS: [char; 5] = ['A', 'B', 'C', 'D', 'E'];

#[rocket::async_test]
async fn sessions_start_continue_and_end_while_their_slot_moves() {
    while_a_slot_moves(0, true).await;
}

#[rocket::async_test]
async fn a_slot_that_moves_before_the_first_logout_loses_no_logout() {
    while_a_slot_moves(0, false).await;
}

#[rocket::async_test]
async fn logouts_that_wait_for_replicas_are_confirmed_while_their_slot_moves() {
    while_a_slot_moves(1, true).await;
}

#[rocket::async_test]
async fn a_slot_that_moves_under_load_logs_no_user_out() {
    let cluster = RedisCluster::start();
    let setup = Setup::on(cluster.urls()).with("store_timeout", "2s");
    let (one, other) = (setup.launch().await, setup.launch().await);
    let users = Users { number: 0, auth: &one };
    let mut pairs = Vec::new();
    for n in 0..40 {
        pairs.push(users.login(&format!("logout {n}")).await);
    }
    let clients = Clients::start(&one, (0..20).map(|n| users.named(&format!("client {n}")))).await;
    let migration = cluster.begin_migration("jwt-auth:{A}");
    // Moves about half of the keys, then half of the others, then the rest with the stream.
    for moved in ["02468acegikmoqsuwyACEGIKMOQSUWY", "13579bdfhjln", ""] {
        migration.move_keys(|key| moved.is_empty() || key.ends_with(|last| moved.contains(last)));
        clients.until_all_refreshed_again().await;
        let now: Vec<TokenPair> = pairs.split_off(pairs.len() - 10);
        let logouts = now.iter().map(|pair| one.invalidate_refresh_token(&pair.refresh_token));
        let mut unavailable = 0;
        for (pair, logout) in now.iter().zip(join_all(logouts).await) {
            if logout.is_err() {
                unavailable += 1;
                let again = async || one.invalidate_refresh_token(&pair.refresh_token).await.is_ok();
                soon("a logout succeeds", again).await;
            }
            refused_soon(&other, &pair.access_token).await;
        }
        assert!(unavailable < 3, "{unavailable} of 10 logouts had to be repeated");
    }
    migration.finish();
    clients.until_all_refreshed_again().await;
    let seen = clients.stop().await;
    eprintln!("a slot moved under load: {seen:?}");
    assert_eq!(seen.refused, 0, "no user was logged out: {seen:?}");
    assert!(seen.refreshed > 10 * seen.unavailable, "most refreshes succeeded: {seen:?}");
    for pair in pairs {
        refresh(&one, &pair.refresh_token).await.expect("the session is alive");
    }
}

/// Runs every operation in every state of a migration. With `has_stream`, there are earlier revocations.
async fn while_a_slot_moves(wait_replicas: usize, has_stream: bool) {
    let cluster = RedisCluster::start();
    let setup = Setup::on(cluster.urls()).with("max_sessions", 2).with("store_timeout", "2s");
    let one = setup.clone().with("wait_replicas", wait_replicas).launch().await;
    let other = setup.clone().with("when_stale", "refuse").launch().await;
    for (number, moved) in Moved::ALL.into_iter().enumerate() {
        eprintln!("moved: {moved:?}");
        let users = Users { number: number as u8, auth: &one };
        let before = Sessions::begin(&users, "before").await;
        let crowded = users.login("crowded").await;
        users.login("crowded").await;
        if has_stream {
            let ended = users.login("ended").await;
            assert!(one.invalidate_refresh_token(&ended.refresh_token).await.expect("a logout"));
        }

        let migration = cluster.begin_migration(&format!("jwt-auth:{{{}}}", TAGS[number]));
        moved.apply(&migration);
        let during = Sessions::begin(&users, "during").await;
        let live = before.refresh_and_end(&one).await;
        users.login("crowded").await;
        assert!(refresh(&one, &crowded.refresh_token).await.is_err(), "it made room for another login");
        let ended = [before.ended(), vec![crowded.access_token.clone()]].concat();
        for token in &ended {
            refused_soon(&other, token).await;
        }
        other.verify::<User>(&live.access_token).expect("the session is alive, and the feed is not stale");
        let new = setup.launch().await;
        for token in &ended {
            assert!(
                new.verify::<User>(token).is_err(),
                "{moved:?}: a new process does not know the revocation"
            );
        }

        migration.finish();
        let live = refresh(&one, &live.refresh_token).await.expect("the session is alive");
        before.assert_ended(&one).await;
        let new = setup.launch().await;
        let also_live = during.refresh_and_end(&one).await;
        for process in [&other, &new] {
            for token in during.ended().iter().chain(&ended) {
                refused_soon(process, token).await;
            }
            for pair in [&live, &also_live] {
                process.verify::<User>(&pair.access_token).expect("the session is alive");
            }
        }
        during.assert_ended(&one).await;
    }
}

/// Users whose keys are all in one slot.
struct Users<'a> {
    number: u8,
    auth: &'a JwtAuth,
}

impl Users<'_> {
    async fn login(&self, name: &str) -> TokenPair {
        self.auth.generate_tokens(&user(&self.named(name))).await.expect("a login")
    }

    fn named(&self, name: &str) -> String {
        let names = (0..).map(|n| format!("{name} {n}"));
        let is_here = |name: &String| Owner::new(None, None, name).digest().as_bytes()[0] >> 2 == self.number;
        names.into_iter().find(is_here).expect("some name has the tag")
    }

    /// Creates a token without a session whose revocation goes to the same slot.
    async fn program(&self, name: &str) -> String {
        loop {
            let token = self.auth.create_access_token(&user(&self.named(name))).await.expect("a token");
            if token_id(&token).as_bytes()[0] >> 2 == self.number {
                return token;
            }
        }
    }
}

/// Sessions that end in different ways, and one that continues.
struct Sessions {
    continuing: TokenPair,
    by_token: TokenPair,
    by_id: TokenPair,
    everywhere: [TokenPair; 2],
    other: TokenPair,
    spared: TokenPair,
    program: String,
}

impl Sessions {
    async fn begin(users: &Users<'_>, when: &str) -> Self {
        let login = async |what: &str| users.login(&format!("{what} {when}")).await;
        Self {
            continuing: login("continuing").await,
            by_token: login("by token").await,
            by_id: login("by id").await,
            everywhere: [login("everywhere").await, login("everywhere").await],
            other: login("others").await,
            spared: login("others").await,
            program: users.program(&format!("program {when}")).await,
        }
    }

    /// Refreshes the session that continues, and ends the others.
    async fn refresh_and_end(&self, auth: &JwtAuth) -> TokenPair {
        let live = refresh(auth, &self.continuing.refresh_token).await.expect("a refresh");
        assert!(auth.invalidate_refresh_token(&self.by_token.refresh_token).await.expect("a logout"));
        let user = auth.verify::<User>(&self.by_id.access_token).expect("a valid token");
        let sid = user.session_id().expect("the token has a session");
        assert!(auth.revoke_session::<User>(&user.name, sid).await.expect("a logout by id"));
        let user = auth.verify::<User>(&self.everywhere[0].access_token).expect("a valid token");
        assert_eq!(auth.revoke_subject::<User>(&user.name).await.expect("a logout everywhere"), 2);
        let user = auth.verify::<User>(&self.spared.access_token).expect("a valid token");
        assert_eq!(auth.revoke_others(&user).await.expect("a logout everywhere else"), 1);
        let program = auth.verify::<User>(&self.program).expect("a valid token");
        auth.revoke_access_token(&program).await.expect("a revocation");
        live
    }

    /// Returns the access tokens that must be rejected afterwards.
    fn ended(&self) -> Vec<String> {
        let pairs = [&self.by_token, &self.by_id, &self.everywhere[0], &self.everywhere[1], &self.other];
        let tokens = pairs.into_iter().map(|pair| pair.access_token.clone());
        tokens.chain([self.program.clone()]).collect()
    }

    async fn assert_ended(&self, auth: &JwtAuth) {
        let pairs = [&self.by_token, &self.by_id, &self.everywhere[0], &self.everywhere[1], &self.other];
        for pair in pairs {
            refusal(refresh(auth, &pair.refresh_token).await);
        }
        refresh(auth, &self.spared.refresh_token).await.expect("the calling session is alive");
    }
}

fn token_id(token: &str) -> Uuid {
    payload(token)["jti"].as_str().and_then(|id| id.parse().ok()).expect("the token has an id")
}
