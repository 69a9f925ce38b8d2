//! Claims that can be signed but not read back. In the debug profile, they fail at the login instead of in every request
//! after it.

use std::convert::Infallible;

use jwt_auth::{AuthError, Claims};
use jwt_auth_tests::{Log, Setup};
use rocket::Config;
use serde::{Deserialize, Serialize};

#[derive(Claims, Debug, Serialize, Deserialize)]
struct Member {
    #[claims(subject)]
    id: u64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    teams: Vec<String>,
    #[serde(rename(serialize = "nickName"), default)]
    nick_name: String,
}

fn member(teams: &[&str], nick_name: &str) -> Member {
    let teams = teams.iter().map(ToString::to_string).collect();
    Member { id: 5, teams, nick_name: nick_name.to_owned() }
}

fn problem<T>(result: Result<T, AuthError>) -> String {
    match result {
        Err(AuthError::Internal(problem)) => problem.to_string(),
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("the claims are accepted"),
    }
}

#[rocket::async_test]
async fn claims_that_cannot_be_read_back_fail_at_the_login_in_the_debug_profile() {
    let auth = Setup::memory().launch().await;
    let pair = auth.generate_tokens(&member(&["a"], "")).await.expect("a login");
    for problem in [
        problem(auth.generate_tokens(&member(&[], "")).await.map(drop)),
        problem(auth.create_access_token(&member(&[], "")).await.map(drop)),
        problem(
            auth.refresh(&pair.refresh_token, async |_: u64| Ok::<_, Infallible>(Some(member(&[], ""))))
                .await,
        ),
    ] {
        assert!(problem.contains("Member` can be written to a token but not read back"), "{problem}");
        assert!(
            problem.contains("missing field `teams`") && problem.contains("#[serde(default)]"),
            "{problem}"
        );
    }
    let refreshed =
        auth.refresh(&pair.refresh_token, async |_: u64| Ok::<_, Infallible>(Some(member(&["a"], ""))));
    refreshed.await.expect("the refresh token was not used up");
}

#[rocket::async_test]
async fn claims_that_change_on_the_way_are_reported_in_the_debug_profile() {
    let auth = Setup::memory().launch().await;
    let log = Log::capture();
    auth.generate_tokens(&member(&["b", "a"], "")).await.expect("a login");
    assert!(!log.text().contains("changes when it is read back"), "{}", log.text());
    auth.generate_tokens(&member(&["a"], "ann")).await.expect("a login");
    assert!(log.text().contains("Member` changes when it is read back from its own token, in `nickName`"));
}

#[rocket::async_test]
async fn other_profiles_do_not_read_claims_back() {
    let setup = Setup::bare(Config::release_default()).with("secret", jwt_auth_tests::TestKey::SECRET);
    let auth = setup.launch().await;
    let pair = auth.generate_tokens(&member(&[], "")).await.expect("a login");
    auth.verify::<Member>(&pair.access_token).expect_err("a field is missing");
}
