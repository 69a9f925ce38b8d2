//! A read of the feed is bounded by entries and by bytes, but nothing is omitted.

use std::collections::HashSet;
use std::time::Duration;

use jwt_auth::store::{FeedPage, RedisOptions, RedisStore, RefreshStore, Revocation};
use jwt_auth_tests::{RedisServer, Setup, User, access_token, user};
use uuid::Uuid;

use super::{pair_of_processes, refused_soon, token_id};

/// The stream that is read last, so that nothing after it makes a page incomplete.
const STREAM: &str = "jwt-auth:{_}:revocations";
const MEBIBYTE: usize = 1 << 20;

/// The length of a token's revocation.
const PART: usize = 17;

/// Adds an entry that revokes these tokens, followed by bytes of an unknown kind.
fn add(server: &RedisServer, ids: &[Uuid], garbage: usize) {
    let parts: Vec<u8> = ids.iter().flat_map(|id| [b"t", &id.as_bytes()[..]].concat()).collect();
    let entry = [parts, vec![b'?'; garbage]].concat();
    let _: String = server.query(redis::cmd("XADD").arg(STREAM).arg("*").arg("r").arg(entry));
}

fn ids(count: usize) -> Vec<Uuid> {
    (0..count).map(|_| Uuid::new_v4()).collect()
}

/// Reads the whole feed. Returns the number of revocations on each page, and the revoked ids.
async fn read_all(server: &RedisServer) -> (Vec<usize>, HashSet<Uuid>) {
    let store = RedisStore::connect(&server.url(), options()).await.expect("the server responds");
    let feed = store.feed(Duration::from_secs(1_000)).expect("Redis has a feed");
    let (mut pages, mut all, mut cursor) = (Vec::new(), HashSet::new(), None::<String>);
    loop {
        let page: FeedPage =
            feed.read(cursor.as_deref(), Duration::ZERO).await.expect("the feed can be read");
        pages.push(page.revocations.len());
        all.extend(page.revocations.iter().filter_map(|revocation| match revocation {
            Revocation::Token(id) => Some(*id),
            _ => None,
        }));
        if page.up_to_date {
            return (pages, all);
        }
        cursor = page.cursor;
    }
}

fn options() -> RedisOptions {
    let mut options = RedisOptions::default();
    options.timeout = Duration::from_secs(10);
    options
}

#[rocket::async_test]
async fn long_entries_are_read_in_several_batches() {
    let server = RedisServer::start();
    // Each entry has about a hundred kilobytes.
    let entries: Vec<Vec<Uuid>> = (0..60).map(|_| ids(6_000)).collect();
    for entry in &entries {
        add(&server, entry, 0);
    }
    let (pages, read) = read_all(&server).await;
    assert!(read == entries.into_iter().flatten().collect(), "a revocation is missing");
    let limit = MEBIBYTE / PART + 6_000;
    assert!(pages.iter().all(|page| *page <= limit), "a page is longer than {limit}: {pages:?}");
}

#[rocket::async_test]
async fn many_short_entries_are_read_in_several_batches() {
    let server = RedisServer::start();
    let all = ids(250);
    for id in &all {
        add(&server, &[*id], 0);
    }
    let (pages, read) = read_all(&server).await;
    assert!(read == all.into_iter().collect(), "a revocation is missing");
    assert_eq!(pages, [100, 100, 50]);
}

#[rocket::async_test]
async fn a_huge_entry_does_not_hide_other_entries() {
    let (server, setup, one, other) = pair_of_processes().await;
    let all = ids(3);
    let revoked = [(); 2].map(|()| access_token(&one, &user("alice")));
    for id in &all {
        add(&server, &[*id], 5 * MEBIBYTE);
    }
    let last = revoked.each_ref().map(|token| token_id(token));
    add(&server, &last, 0);
    let (pages, read) = read_all(&server).await;
    assert!(read == all.into_iter().chain(last).collect(), "a revocation is missing");
    assert!(pages.len() >= 4, "huge entries were read together: {pages:?}");
    let new = Setup::launch(&setup).await;
    for token in &revoked {
        refused_soon(&other, token).await;
        assert!(new.verify::<User>(token).is_err(), "a new process does not know the revocation");
    }
}
