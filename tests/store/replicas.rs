//! Logouts that wait for replicas: the setting `wait_replicas`.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::time::Duration;

use jwt_auth::{AuthError, JwtAuth, TokenPair};
use jwt_auth_tests::{RedisServer, Setup, User, payload, refresh, unavailable, user};
use rocket::futures::future::join_all;
use uuid::Uuid;

use crate::clients::{refused_soon, soon};

const TIMEOUT: &str = "1s";

/// A master with a replica, and a process whose logouts wait for the replica.
struct Replicated {
    master: RedisServer,
    replica: RedisServer,
    setup: Setup,
    auth: JwtAuth,
}

impl Replicated {
    async fn start() -> Self {
        let master = RedisServer::start_with(&["--repl-diskless-sync-delay", "0"]);
        let port = master.port().to_string();
        let replica = RedisServer::start_with(&["--replicaof", "127.0.0.1", &port]);
        replica.wait_until_in_sync();
        let setup = Setup::redis(&master).with("store_timeout", TIMEOUT);
        let auth = setup.clone().with("wait_replicas", 1).launch().await;
        let first = auth.create_refresh_token::<User>("first").await.expect("a login");
        let acknowledges = async || auth.invalidate_refresh_token(&first).await.is_ok();
        soon("the replica acknowledges", acknowledges).await;
        Self { master, replica, setup, auth }
    }

    async fn login(&self) -> TokenPair {
        self.auth.generate_tokens(&user("alice")).await.expect("a login")
    }
}

/// The ways to end a session or a token that wait for replicas.
#[derive(Clone, Copy, Debug)]
enum End {
    ByToken,
    ById,
    Everywhere,
    Others,
    AccessToken,
}

impl End {
    const ALL: [Self; 5] = [Self::ByToken, Self::ById, Self::Everywhere, Self::Others, Self::AccessToken];

    /// Ends `pair`, called from another session of the same user.
    async fn run(self, auth: &JwtAuth, pair: &TokenPair, caller: &TokenPair) -> Result<(), AuthError> {
        let claim =
            |name: &str| payload(&pair.access_token)[name].as_str().and_then(|id| id.parse::<Uuid>().ok());
        match self {
            Self::ByToken => auth.invalidate_refresh_token(&pair.refresh_token).await.map(drop),
            Self::ById => {
                let sid = claim("sid").expect("the token has a session");
                auth.revoke_session::<User>("alice", sid).await.map(drop)
            }
            Self::Everywhere => auth.revoke_subject::<User>("alice").await.map(drop),
            Self::Others => {
                let caller = auth.verify::<User>(&caller.access_token)?;
                auth.revoke_others(&caller).await.map(drop)
            }
            Self::AccessToken => auth.revoke_access_token(claim("jti").expect("the token has an id")).await,
        }
    }
}

#[rocket::async_test]
async fn a_logout_and_its_wait_are_sent_together() {
    let redis = Replicated::start().await;
    let pairs = join_all((0..20).map(|_| redis.login())).await;
    let mut monitor = Monitor::of(&redis.master);
    let logouts = pairs.iter().map(|pair| redis.auth.invalidate_refresh_token(&pair.refresh_token));
    for logout in join_all(logouts).await {
        assert!(logout.expect("the replica acknowledges"));
    }
    let commands = monitor.until_end(&redis.master);
    let waits: Vec<&Command> = commands.iter().filter(|command| command.name == "WAIT").collect();
    assert_eq!(waits.len(), 20, "expected one WAIT per logout: {commands:?}");
    let sender = &waits[0].sender;
    let names: Vec<&str> =
        commands.iter().filter(|command| command.sender == *sender).map(|command| &*command.name).collect();
    assert_eq!(
        names,
        ["EVALSHA", "WAIT"].repeat(20),
        "expected each WAIT right after its logout, on one connection"
    );
}

#[rocket::async_test]
async fn a_logout_works_after_a_script_flush() {
    let redis = Replicated::start().await;
    let other = redis.setup.launch().await;
    for end in End::ALL {
        let (pair, caller) = (redis.login().await, redis.login().await);
        redis.master.run("SCRIPT FLUSH");
        end.run(&redis.auth, &pair, &caller).await.unwrap_or_else(|error| panic!("{end:?}: {error:?}"));
        refused_soon(&other, &pair.access_token).await;
    }
}

#[rocket::async_test]
async fn a_logout_that_too_few_replicas_acknowledge_is_confirmed_by_a_retry() {
    let redis = Replicated::start().await;
    let other = redis.setup.launch().await;
    for end in End::ALL {
        let (pair, caller) = (redis.login().await, redis.login().await);
        redis.replica.pause();
        // The second attempt finds the session gone.
        for _ in 0..2 {
            unavailable(end.run(&redis.auth, &pair, &caller).await);
        }
        refused_soon(&other, &pair.access_token).await;
        redis.replica.resume();
        let again = async || end.run(&redis.auth, &pair, &caller).await.is_ok();
        soon("the retry is confirmed", again).await;
        if !matches!(end, End::AccessToken) {
            assert!(
                refresh(&redis.auth, &pair.refresh_token).await.is_err(),
                "{end:?}: the session is still alive"
            );
        }
        redis.auth.revoke_subject::<User>("alice").await.expect("a replica acknowledges");
    }
}

#[rocket::async_test]
async fn a_confirmed_logout_is_on_the_replica() {
    let redis = Replicated::start().await;
    for end in [End::ByToken, End::ById, End::Everywhere] {
        let (pair, caller) = (redis.login().await, redis.login().await);
        end.run(&redis.auth, &pair, &caller).await.expect("a logout");
        // If the master were lost right now, the replica would take over.
        let sid: Uuid =
            payload(&pair.access_token)["sid"].as_str().expect("a session").parse().expect("an id");
        for key in redis.master.session_keys() {
            let exists: bool = redis.replica.query(redis::cmd("HEXISTS").arg(key).arg(sid.as_bytes()));
            assert!(!exists, "{end:?}: the replica still has the session");
        }
    }
}

/// The output of `MONITOR`: the commands that a server executes.
struct Monitor(BufReader<TcpStream>);

#[derive(Debug)]
struct Command {
    sender: String,
    /// The name of the command, in uppercase.
    name: String,
}

impl Monitor {
    fn of(server: &RedisServer) -> Self {
        let mut stream = TcpStream::connect(("127.0.0.1", server.port())).expect("the server accepts");
        stream.set_read_timeout(Some(Duration::from_secs(5))).expect("a timeout can be set");
        stream.write_all(b"MONITOR\r\n").expect("the server reads");
        let mut monitor = Self(BufReader::new(stream));
        assert_eq!(monitor.line(), "+OK");
        monitor
    }

    /// Returns the commands of all clients so far, without those of scripts.
    fn until_end(&mut self, server: &RedisServer) -> Vec<Command> {
        const END: &str = "the-end-of-the-test";
        server.run(&format!("ECHO {END}"));
        let mut commands = Vec::new();
        loop {
            let line = self.line();
            if line.contains(END) {
                return commands;
            }
            // `+1700000000.123456 [0 127.0.0.1:50000] "EVALSHA" …`; a script's are `[0 lua]`.
            let (sender, rest) = line.split_once("] \"").expect("a line of MONITOR");
            let sender = sender.rsplit(' ').next().unwrap_or_default().to_owned();
            let name = rest.split('"').next().unwrap_or_default().to_uppercase();
            if sender != "lua" {
                commands.push(Command { sender, name });
            }
        }
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.0.read_line(&mut line).expect("the server writes a line");
        line.trim_end().to_owned()
    }
}
