//! A Redis that forgets what it acknowledged: restarted from an older copy, as after a failover.

use jwt_auth::{InvalidGrant, JwtAuth, TokenPair};
use jwt_auth_tests::{RedisServer, Setup, User, refresh, refusal, revoked, soon, user};

/// Longer than the grace of a replaced token.
const LATER: u64 = 60;

/// A session that was refreshed three times since Redis was last saved, and its refresh tokens.
async fn forgotten() -> (RedisServer, Setup, JwtAuth, Vec<TokenPair>) {
    let mut server = RedisServer::start();
    let setup = Setup::redis(&server);
    let auth = setup.launch().await;
    let mut pairs = vec![auth.generate_tokens(&user("alice")).await.expect("a login")];
    server.run("SAVE");
    for _ in 0..3 {
        setup.advance(LATER);
        pairs.push(refresh(&auth, &pairs[pairs.len() - 1].refresh_token).await.expect("a refresh"));
    }
    server.restart();
    setup.advance(LATER);
    (server, setup, auth, pairs)
}

#[rocket::async_test]
async fn refreshes_that_were_forgotten_log_nobody_out() {
    let (_server, setup, auth, pairs) = forgotten().await;
    auth.check_refresh_token(&pairs[3].refresh_token).await.expect("the newest token is good");
    let next = refresh(&auth, &pairs[3].refresh_token).await.expect("the newest token is good");
    // An answer that is lost now can be asked for again, as ever.
    let again = refresh(&auth, &pairs[3].refresh_token).await.expect("within the grace");
    setup.advance(LATER);
    refresh(&auth, &again.refresh_token).await.expect("the successor");
    setup.advance(LATER);
    let spent = refresh(&auth, &next.refresh_token).await;
    assert_eq!(refusal(spent), InvalidGrant::Reused, "it was the same successor");
}

/// A session whose logout Redis forgot, and two processes: the first heard of it, the second began later.
async fn forgotten_logout() -> (RedisServer, [JwtAuth; 2], TokenPair) {
    let mut server = RedisServer::start();
    let setup = Setup::redis(&server);
    let (one, heard) = (setup.launch().await, setup.launch().await);
    let alice = one.generate_tokens(&user("alice")).await.expect("a login");
    server.run("SAVE");
    one.invalidate_refresh_token(&alice.refresh_token).await.expect("a logout");
    soon("the logout is heard of", || revoked(heard.verify::<User>(&alice.access_token))).await;
    server.restart();
    let new = setup.launch().await;
    (server, [heard, new], alice)
}

/// The limit that the docs of `RedisStore` tell of.
#[rocket::async_test]
async fn a_logout_that_was_forgotten_brings_the_session_back() {
    let (_server, [heard, new], alice) = forgotten_logout().await;
    let next = refresh(&new, &alice.refresh_token).await.expect("nobody told it");
    new.verify::<User>(&next.access_token).expect("nobody told it");
    assert!(revoked(heard.verify::<User>(&next.access_token)), "whoever heard of it goes on refusing");
}

#[rocket::async_test]
async fn a_logout_that_was_forgotten_is_done_again_by_whoever_heard_of_it() {
    let (_server, [heard, new], alice) = forgotten_logout().await;
    let next = refresh(&new, &alice.refresh_token).await.expect("nobody told it");
    assert_eq!(refusal(heard.check_refresh_token(&next.refresh_token).await), InvalidGrant::Unknown);
    assert_eq!(new.sessions("alice").await.expect("Redis works").len(), 1, "to look changes nothing");

    assert_eq!(refusal(refresh(&heard, &next.refresh_token).await), InvalidGrant::Unknown);
    assert_eq!(new.sessions("alice").await.expect("Redis works").len(), 0);
    assert_eq!(refusal(refresh(&new, &next.refresh_token).await), InvalidGrant::Unknown);
    soon("now everybody hears of it", || revoked(new.verify::<User>(&next.access_token))).await;
}

#[rocket::async_test]
async fn a_copy_of_an_older_token_is_found_out_all_the_same() {
    for stolen in 0..3 {
        let (_server, setup, auth, pairs) = forgotten().await;
        let next = refresh(&auth, &pairs[3].refresh_token).await.expect("its owner comes first");
        setup.advance(LATER);
        assert_eq!(refusal(refresh(&auth, &pairs[stolen].refresh_token).await), InvalidGrant::Reused);
        assert_eq!(refusal(refresh(&auth, &next.refresh_token).await), InvalidGrant::Unknown);
    }
}

#[rocket::async_test]
async fn a_thief_who_comes_first_is_found_out_by_the_owner() {
    for stolen in 0..3 {
        let (_server, setup, auth, pairs) = forgotten().await;
        // For all the store knows, this is the session's newest token.
        let theirs = refresh(&auth, &pairs[stolen].refresh_token).await.expect("the store forgot");
        setup.advance(LATER);
        match refresh(&auth, &pairs[3].refresh_token).await {
            // The owner holds a newer one: the session goes on with it, and the thief's is old.
            Ok(_) => assert!(stolen < 2),
            refused => assert_eq!(refusal(refused), InvalidGrant::Reused),
        }
        setup.advance(LATER);
        refusal(refresh(&auth, &theirs.refresh_token).await);
        assert_eq!(auth.sessions("alice").await.expect("Redis works").len(), 0, "stolen: {stolen}");
    }
}
