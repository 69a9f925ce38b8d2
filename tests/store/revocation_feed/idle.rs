//! Idle processes only read. They cause no writes to the disk or to the replicas of Redis.

use std::time::Duration;

use jwt_auth::JwtAuth;
use jwt_auth_tests::{RedisServer, Setup, User, user};
use rocket::tokio::time::sleep;
use uuid::Uuid;

/// How much Redis has written.
#[derive(Debug, PartialEq, Eq)]
struct Written {
    /// The size of the append-only file.
    bytes: u64,
    /// The number of changes to keys.
    changes: u64,
    keys: usize,
}

fn written(server: &RedisServer) -> Written {
    let info = server.ask("INFO persistence");
    let number = |name: &str| {
        let line = info.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        line.and_then(|number| number.parse().ok()).expect("Redis reports this number")
    };
    Written {
        bytes: number("aof_current_size"),
        changes: number("rdb_changes_since_last_save"),
        keys: server.query(&redis::cmd("DBSIZE")),
    }
}

/// Launches processes with different settings.
async fn processes(server: &RedisServer) -> Vec<JwtAuth> {
    let setup = Setup::redis(server);
    let long = setup.clone().with("access_ttl", "1h");
    let careful = setup.clone().with("when_stale", "refuse");
    let mut processes = Vec::new();
    for setup in [&setup, &setup, &long, &long, &careful] {
        processes.push(setup.launch().await);
    }
    processes
}

/// Waits until every process has read the streams again. Returns how much Redis had written before and after the next
/// three seconds.
async fn written_meanwhile(server: &RedisServer) -> (Written, Written) {
    sleep(Duration::from_millis(2_500)).await;
    let before = written(server);
    sleep(Duration::from_secs(3)).await;
    (before, written(server))
}

#[rocket::async_test]
async fn idle_processes_write_nothing() {
    let server = RedisServer::start_with(&["--appendonly", "yes"]);
    let processes = processes(&server).await;
    let (before, after) = written_meanwhile(&server).await;
    assert_eq!(before, after, "in an empty Redis");

    // Now every stream exists, and the last writer of each was a process with the shorter setting.
    for n in 0..=u8::MAX {
        let id = Uuid::from_bytes([n; 16]);
        processes[3].revoke_access_token(id).await.expect("a revocation");
        processes[0].revoke_access_token(id).await.expect("a revocation");
    }
    let alice = processes[0].generate_tokens(&user("alice")).await.expect("a login");
    let (before, after) = written_meanwhile(&server).await;
    assert_eq!(before.keys, 64 + 64 + 1, "expected the streams, their retentions and a session");
    assert_eq!(before, after, "after revocations");

    // Requests write nothing, either.
    for process in &processes {
        process.verify::<User>(&alice.access_token).expect("a valid token");
    }
    assert_eq!(written(&server), after, "after requests");
}
