//! While Redis is unavailable, calls fail with 503 and use up no token.

use jwt_auth_tests::unavailable;

use crate::fixtures::{Account, LIFE, account, members, refresh, refresh_token, service};

#[rocket::async_test]
async fn a_stopped_redis_ends_no_session() {
    for phase in ["issue", "accept"] {
        let (mut server, setup) = service(phase);
        let setup = setup.with("store_timeout", "500ms");
        let auth = setup.launch().await;
        let token = refresh_token(&server, &setup, 5.into(), LIFE);
        server.run("SAVE");
        server.stop();
        unavailable(refresh(&auth, &token).await);
        unavailable(auth.check_refresh_token(&token).await);
        unavailable(auth.invalidate_refresh_token(&token).await);
        unavailable(auth.generate_tokens(&account(5)).await);
        unavailable(auth.create_refresh_token::<Account>(5).await);
        unavailable(auth.revoke_subject::<Account>(5).await);
        unavailable(auth.sweep_refresh_tokens().await);

        server.restart();
        assert_eq!(members(&server), [token.as_str()], "{phase}: the token is still in the SET");
        let pair = refresh(&auth, &token).await.expect("the first request after the restart");
        auth.verify::<Account>(&pair.access_token).expect("a valid token");
    }
}

#[rocket::async_test]
async fn a_killed_connection_ends_no_session() {
    for phase in ["issue", "accept"] {
        let (server, setup) = service(phase);
        let auth = setup.launch().await;
        for _ in 0..5 {
            let token = refresh_token(&server, &setup, 5.into(), LIFE);
            server.run("CLIENT KILL TYPE normal");
            let pair = match refresh(&auth, &token).await {
                Ok(pair) => pair,
                Err(error) => {
                    unavailable::<()>(Err(error));
                    refresh(&auth, &token).await.expect("the next request")
                }
            };
            assert!(auth.invalidate_refresh_token(&pair.refresh_token).await.expect("a logout"));
            setup.advance(1);
        }
        assert!(members(&server).is_empty());
    }
}
