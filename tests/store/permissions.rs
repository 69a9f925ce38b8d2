//! The permissions of the Redis user: those in the guide are enough, and each of them is necessary.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use jwt_auth::{InvalidGrant, JwtAuth};
use jwt_auth_tests::{
    Log, RedisCluster, RedisSentinels, RedisServer, Setup, User, access_token, arrive, files_in, payload,
    refresh, refusal, user,
};
use uuid::Uuid;

use crate::clients::refused_soon;

/// Permissions without which the app only does less.
const OPTIONAL: [&str; 3] = ["+publish", "+subscribe", "+config|get"];

/// The page of the guide.
fn page() -> String {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../jwt-auth/src/guide/operations.md");
    fs::read_to_string(guide).expect("the page exists")
}

/// The arguments of `ACL SETUSER app` in the guide, and those that a setting needs in addition.
fn permissions(setting: Option<&str>) -> Vec<String> {
    let page = page();
    let command = page.split("redis-cli ACL SETUSER app ").nth(1).expect("the page has the command");
    let command = command.split("```").next().expect("the command ends").replace("\\\n", " ");
    let mut words: Vec<String> =
        command.split_whitespace().map(|word| word.trim_matches('\'').to_owned()).collect();
    if let Some(setting) = setting {
        let row = page.lines().find(|line| line.starts_with(&format!("| {setting} ")));
        let cell = row.and_then(|row| row.split(" | ").nth(1)).expect("the page has a row for the setting");
        let code = cell.split('`').nth(1).expect("the permissions are code");
        words.extend(code.replace("\\|", "|").split(' ').map(str::to_owned));
    }
    words
}

fn set_user(server: &RedisServer, permissions: &[String]) {
    server.run(&format!("ACL SETUSER app {}", permissions.join(" ")));
}

/// The settings of an app that connects as the user of the guide.
fn as_user(server: &RedisServer, database: u8) -> Setup {
    let url = server.url().replace("redis://", "redis://app:password@");
    Setup::on(format!("{}{database}", url.strip_suffix('0').expect("database 0"))).with("issuer", "us")
}

/// Uses every feature of sessions, with two processes.
async fn use_everything(one: &JwtAuth, other: &JwtAuth) {
    let login = async || one.generate_tokens(&user("ann")).await.expect("a login");
    let first = login().await;
    let second = refresh(one, &first.refresh_token).await.expect("a refresh");
    arrive::<User>(one, &second).await;
    assert_eq!(one.sessions::<User>("ann").await.expect("a list").len(), 1);
    let verified = other.verify::<User>(&second.access_token).expect("a valid token");
    other.check_session(&verified).await.expect("a live session");
    let third = refresh(one, &second.refresh_token).await.expect("a refresh");
    arrive::<User>(one, &third).await;
    assert_eq!(refusal(refresh(other, &first.refresh_token).await), InvalidGrant::Reused);
    refused_soon(other, &third.access_token).await;

    let (phone, laptop, tablet) = (login().await, login().await, login().await);
    assert!(one.invalidate_refresh_token(&phone.refresh_token).await.expect("a logout"));
    refused_soon(other, &phone.access_token).await;
    let sid = payload(&laptop.access_token)["sid"].as_str().and_then(|id| id.parse::<Uuid>().ok());
    assert!(one.revoke_session::<User>("ann", sid.expect("a session")).await.expect("it ends"));
    refused_soon(other, &laptop.access_token).await;
    let caller = one.verify::<User>(&tablet.access_token).expect("a valid token");
    one.revoke_others(&caller).await.expect("the others end");
    one.revoke_access_token(&caller).await.expect("it is revoked");
    refused_soon(other, &tablet.access_token).await;
    let program = access_token(one, &user("ann"));
    one.revoke_subject::<User>("ann").await.expect("all end");
    refused_soon(other, &program).await;
}

/// Logs in so often that the oldest session ends.
async fn exceed_the_limit(setup: &Setup) {
    let auth = setup.clone().with("max_sessions", 1).launch().await;
    let first = auth.generate_tokens(&user("max")).await.expect("a login");
    auth.generate_tokens(&user("max")).await.expect("a login");
    refused_soon(&auth, &first.access_token).await;
}

/// Launches an app and returns the error in the log.
async fn launch_error(setup: &Setup) -> String {
    let log = Log::capture();
    let launched = setup.rocket().ignite().await.map(drop);
    let error = launched.expect_err("the user lacks a permission");
    // Rocket's launch errors panic on drop unless they are inspected.
    let _ = error.kind();
    let text = log.text();
    text.lines().find(|line| line.contains("ERROR jwt_auth")).expect("the log has the error").to_owned()
}

#[rocket::async_test]
async fn the_permissions_in_the_guide_are_enough() {
    let server = RedisServer::start();
    set_user(&server, &permissions(None));
    let setup = as_user(&server, 0);
    let log = Log::capture();
    let (one, other) = (setup.launch().await, setup.launch().await);
    use_everything(&one, &other).await;
    exceed_the_limit(&setup).await;
    server.run("SCRIPT FLUSH");
    use_everything(&one, &other).await;
    let text = log.text();
    let problems: Vec<&str> =
        text.lines().filter(|line| line.contains("permissions") || line.contains("may not")).collect();
    assert_eq!(problems, Vec::<&str>::new());

    // Redis 7.2 and later log the `CLIENT SETINFO` of the client library.
    let denials: Vec<redis::Value> = server.query(redis::cmd("ACL").arg("LOG"));
    let denied = denials.iter().map(|entry| format!("{entry:?}")).filter(|entry| !entry.contains("setinfo"));
    assert_eq!(denied.collect::<Vec<_>>(), Vec::<String>::new());
}

#[rocket::async_test]
async fn a_missing_permission_is_named_at_launch() {
    let server = RedisServer::start();
    let setup = as_user(&server, 0);
    let all = permissions(None);
    let commands: Vec<&String> = all.iter().filter(|word| word.starts_with('+')).collect();
    assert!(commands.len() > 20, "{commands:?}");
    for missing in commands {
        set_user(&server, &all.iter().filter(|word| *word != missing).cloned().collect::<Vec<_>>());
        server.run("SCRIPT FLUSH");
        let name = missing.trim_start_matches('+').to_uppercase().replace('|', " ");
        if OPTIONAL.contains(&missing.as_str()) {
            let log = Log::capture();
            setup.launch().await;
            let text = log.text();
            let notes =
                text.lines().filter(|line| line.contains("jwt_auth") && line.contains(missing.as_str()));
            assert_eq!(notes.count(), 1, "{missing}: {text}");
        } else {
            let error = launch_error(&setup).await;
            for part in [
                "the Redis user `app` may not run",
                &format!("`{name}`"),
                &format!("ACL SETUSER app {missing}`"),
                &format!("127.0.0.1:{}", server.port()),
            ] {
                assert!(error.contains(part), "{missing}: `{part}` is not in: {error}");
            }
            assert!(!error.contains("password"), "{error}");
        }
    }

    let several = |word: &&String| !["+hdel", "+pexpire"].contains(&word.as_str());
    set_user(&server, &all.iter().filter(several).cloned().collect::<Vec<_>>());
    let error = launch_error(&setup).await;
    assert!(error.contains("`PEXPIRE`, `HDEL` (") && error.contains("app +pexpire +hdel`"), "{error}");

    set_user(&server, &all);
    let error = launch_error(&setup.clone().with("prefix", "shop")).await;
    assert!(error.contains("the keys `shop:*`") && error.contains("ACL SETUSER app ~shop:*`"), "{error}");
}

#[rocket::async_test]
async fn a_database_and_replicas_need_more_permissions() {
    let master = RedisServer::start_with(&["--repl-diskless-sync-delay", "0"]);
    let port = master.port().to_string();
    let replica = RedisServer::start_with(&["--replicaof", "127.0.0.1", &port]);
    replica.wait_until_in_sync();
    let setup = |database| as_user(&master, database).with("store_timeout", "10s");

    set_user(&master, &permissions(None));
    let error = launch_error(&setup(3)).await;
    assert!(error.contains("`SELECT`") && error.contains("app +select`"), "{error}");
    let error = launch_error(&setup(0).with("wait_replicas", 1)).await;
    assert!(error.contains("`WAIT`") && error.contains("app +wait`"), "{error}");

    set_user(&master, &permissions(Some("a database other than 0")));
    let setup_3 = setup(3);
    use_everything(&setup_3.launch().await, &setup_3.launch().await).await;
    set_user(&master, &permissions(Some("`wait_replicas`")));
    let waiting = setup(0).with("wait_replicas", 1);
    use_everything(&waiting.launch().await, &waiting.launch().await).await;
}

#[rocket::async_test]
async fn a_cluster_needs_more_permissions() {
    let cluster = RedisCluster::start();
    let all = permissions(Some("`redis` is a list (a cluster)"));
    let grant = |permissions: &[String]| cluster.nodes.iter().for_each(|node| set_user(node, permissions));
    let urls = cluster.urls().iter().map(|url| url.replace("redis://", "redis://app:password@")).collect();
    let setup = on(urls).with("store_timeout", "10s");
    grant(&all);
    let (one, other) = (setup.launch().await, setup.launch().await);
    use_everything(&one, &other).await;
    exceed_the_limit(&setup).await;

    let alice = one.generate_tokens(&user("alice")).await.expect("a login");
    let key = cluster.nodes[..3].iter().flat_map(RedisServer::session_keys).next().expect("a session");
    let migration = cluster.begin_migration(&key);
    migration.move_keys(|key| !key.ends_with(":revocations"));
    let alice = refresh(&one, &alice.refresh_token).await.expect("a refresh");
    one.invalidate_refresh_token(&alice.refresh_token).await.expect("a logout");
    migration.finish();

    for missing in ["+cluster|slots", "+ping", "+asking", "+hdel"] {
        grant(&all.iter().filter(|word| *word != missing).cloned().collect::<Vec<_>>());
        let error = launch_error(&setup).await;
        let name = missing.trim_start_matches('+');
        assert!(error.to_lowercase().contains(name), "{missing} is not in: {error}");
    }
}

/// The settings of an app with this value of the setting `redis`.
fn on(redis: Vec<String>) -> Setup {
    Setup::on(redis).with("issuer", "us")
}

#[rocket::async_test]
async fn sentinel_needs_more_permissions() {
    let redis = RedisSentinels::start();
    let all = permissions(Some("`redis` has `sentinels`"));
    let grant =
        |permissions: &[String]| redis.servers.iter().for_each(|server| set_user(server, permissions));
    let mut setting = redis.setting();
    setting["username"] = "app".into();
    setting["password"] = "password".into();
    let setup = Setup::on(setting).with("issuer", "us").with("store_timeout", "10s");
    grant(&all);
    use_everything(&setup.launch().await, &setup.launch().await).await;
    grant(&all.iter().filter(|word| *word != "+role").cloned().collect::<Vec<_>>());
    let error = launch_error(&setup).await;
    assert!(error.contains("role"), "{error}");
}

#[rocket::async_test]
async fn the_set_of_fastapi_framework_needs_more_permissions() {
    let server = RedisServer::start();
    let all = permissions(Some("[`fastapi_framework`](crate::guide::fastapi_framework)"));
    let setup = as_user(&server, 0).with("fastapi_framework", "issue");
    set_user(&server, &all);
    let log = Log::capture();
    let auth = setup.launch().await;
    let pair = auth.generate_tokens(&user("ann")).await.expect("a login");
    let pair = refresh(&auth, &pair.refresh_token).await.expect("a refresh");
    auth.check_refresh_token(&pair.refresh_token).await.expect("it is in the SET");
    assert_eq!(auth.sweep_refresh_tokens().await.expect("a sweep").live, 1);
    auth.revoke_subject::<User>("ann").await.expect("a logout");
    assert_eq!(auth.sweep_refresh_tokens().await.expect("a sweep").live, 0);
    let other = setup.clone().with("fastapi_framework", "accept").launch().await;
    let pair = auth.generate_tokens(&user("ann")).await.expect("a login");
    let pair = refresh(&other, &pair.refresh_token).await.expect("a session begins");
    assert!(other.invalidate_refresh_token(&pair.refresh_token).await.expect("a logout"));
    assert!(!log.text().contains("permissions to run"), "{}", log.text());

    for missing in all.iter().skip(permissions(None).len()) {
        set_user(&server, &all.iter().filter(|word| *word != missing).cloned().collect::<Vec<_>>());
        let error = launch_error(&setup).await;
        let name = missing.trim_start_matches(['+', '~']);
        assert!(error.to_lowercase().contains(name), "{missing} is not in: {error}");
    }
}

/// The scripts and the client are searched for commands, so that the guide and the check at launch cannot miss one.
#[test]
fn every_command_of_the_source_is_in_the_guide() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../jwt-auth/src");
    let granted = |setting| -> BTreeSet<String> {
        let words = permissions(setting);
        words.iter().filter_map(|word| word.strip_prefix('+')).map(str::to_uppercase).collect()
    };
    for (folder, setting) in [
        ("store/redis", None),
        (
            "compat/fastapi_framework/redis_set",
            Some("[`fastapi_framework`](crate::guide::fastapi_framework)"),
        ),
    ] {
        let (mut called, mut probed) = (BTreeSet::new(), BTreeSet::new());
        for file in files_in(&source.join(folder)) {
            if file.extension().is_none_or(|extension| extension != "lua") {
                continue;
            }
            let text = fs::read_to_string(&file).expect("a script");
            let found = if file.ends_with("probe.lua") { &mut probed } else { &mut called };
            for mark in ["redis.call('", "redis.pcall('", "{ '"] {
                let calls = text.split(mark).skip(1).filter_map(|rest| rest.split('\'').next());
                found.extend(
                    calls.filter(|name| name.chars().all(|c| c.is_ascii_uppercase())).map(str::to_owned),
                );
            }
        }
        let missing: Vec<&String> = called.difference(&probed).collect();
        assert!(missing.is_empty(), "{folder}: the check at launch does not call {missing:?}");
        assert!(called.len() > 4, "{folder}: {called:?}");
        let granted = granted(setting);
        let missing: Vec<&String> = probed.difference(&granted).collect();
        assert!(missing.is_empty(), "{folder}: the guide does not grant {missing:?}");
        if setting.is_none() {
            let client = ["EVAL", "EVALSHA", "SUBSCRIBE", "CONFIG|GET"].map(str::to_owned);
            let unused: Vec<&String> =
                granted.iter().filter(|name| !called.contains(*name) && !client.contains(name)).collect();
            assert!(unused.is_empty(), "the guide grants what no script needs: {unused:?}");
        }
    }
}
