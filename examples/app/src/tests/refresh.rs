//! A refresh token that is used twice.

use std::time::Duration;

use rocket::http::Status;

use super::client::{Pair, error, on_every_store};
use super::{DEMO, soon};

/// The default of `reuse_grace`.
const GRACE: Duration = Duration::from_secs(30);

#[test]
fn a_refresh_whose_response_was_lost_can_be_repeated() {
    on_every_store(|app| {
        let first = app.login(DEMO);
        let second = Pair::of(app.refresh(&first));
        app.clock.advance(2 * GRACE);
        let repeated = Pair::of(app.refresh(&first));
        assert_eq!(app.get("/me", &repeated.access).status(), Status::Ok);
        Pair::of(app.refresh(&first));
        Pair::of(app.refresh(&second));
    });
}

#[test]
fn an_old_refresh_token_ends_the_session_once_its_successor_is_in_use() {
    on_every_store(|app| {
        let first = app.login(DEMO);
        let second = Pair::of(app.refresh(&first));
        // This request confirms that the second pair has arrived. The store hears of it in the background.
        assert_eq!(app.get("/me", &second.access).status(), Status::Ok);
        app.clock.advance(GRACE);
        assert!(soon(|| app.refresh(&first).status() != Status::Ok), "the reuse is detected");
        assert_eq!(error(app.refresh(&first)), "invalid_grant");
        app.assert_ended(&second);
    });
}
