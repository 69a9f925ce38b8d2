//! Concurrent requests with the same refresh token.

use jwt_auth::InvalidGrant;
use jwt_auth_tests::refusal;
use rocket::futures::future::join_all;
use rocket::tokio::spawn;

use crate::fixtures::{Account, LIFE, members, refresh, refresh_token, service};

const RACERS: usize = 20;

#[rocket::async_test]
async fn only_one_of_twenty_concurrent_refreshes_succeeds() {
    let (server, setup) = service("issue");
    let processes = [setup.launch().await, setup.launch().await];
    for theirs in [true, false] {
        let token = match theirs {
            true => refresh_token(&server, &setup, 5.into(), LIFE),
            false => processes[0].create_refresh_token::<Account>(5).await.expect("a login"),
        };
        let racers = (0..RACERS).map(|i| {
            let (auth, token) = (processes[i % 2].clone(), token.clone());
            spawn(async move { refresh(&auth, &token).await })
        });
        let results: Vec<_> =
            join_all(racers).await.into_iter().map(|racer| racer.expect("no racer panics")).collect();
        let (won, lost): (Vec<_>, Vec<_>) = results.into_iter().partition(Result::is_ok);
        let [Ok(winner)] = &won[..] else { panic!("{} racers won", won.len()) };
        for loser in lost {
            assert_eq!(refusal(loser), InvalidGrant::Unknown);
        }
        assert_eq!(
            members(&server),
            [winner.refresh_token.as_str()],
            "only the winner's token is in the SET"
        );
        assert!(processes[1].invalidate_refresh_token(&winner.refresh_token).await.expect("a logout"));
    }
}

#[rocket::async_test]
async fn a_logout_that_races_with_a_refresh_leaves_no_token() {
    let (server, setup) = service("issue");
    let auth = setup.launch().await;
    for _ in 0..10 {
        let token = auth.create_refresh_token::<Account>(5).await.expect("a login");
        let refresher = {
            let (auth, token) = (auth.clone(), token.clone());
            spawn(async move { refresh(&auth, &token).await })
        };
        let ended = auth.invalidate_refresh_token(&token).await.expect("a logout");
        match refresher.await.expect("no panic") {
            Ok(_) => assert!(!ended, "the logout and the refresh both used the token"),
            Err(_) => assert!(ended && members(&server).is_empty()),
        }
        server.run("DEL refresh_tokens");
    }
}
