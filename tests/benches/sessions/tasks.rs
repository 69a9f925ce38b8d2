//! 64 tasks that sign in, and that refresh.

use std::time::{Duration, Instant};

use jwt_auth::JwtAuth;
use jwt_auth_tests::refresh as refresh_token;
use rocket::tokio::spawn;

const TASKS: usize = 64;

/// The refresh tokens that each task has.
pub(crate) type Tokens = Vec<Vec<String>>;

/// Begins so many sessions, so many for each user.
pub(crate) async fn sign_in(auth: &JwtAuth, sessions: usize, per_user: usize) -> Tokens {
    in_tasks((0..TASKS).map(|task| {
        let auth = auth.clone();
        async move {
            let mut tokens = Vec::new();
            for session in (task..sessions).step_by(TASKS) {
                let user = format!("user-{}", session / per_user);
                tokens.push(auth.create_refresh_token(user).await.expect("the store answers"));
            }
            tokens
        }
    }))
    .await
}

/// Refreshes for so long, each task one of its sessions after the other, each with the token of its last
/// answer. Gives how many there were in a second.
pub(crate) async fn refresh(auth: &JwtAuth, tokens: Tokens, time: Duration) -> (f64, Tokens) {
    let start = Instant::now();
    let done = in_tasks(tokens.into_iter().map(|mut tokens| {
        let auth = auth.clone();
        async move {
            let mut count = 0;
            while start.elapsed() < time {
                let own = count % tokens.len();
                let pair = refresh_token(&auth, &tokens[own]).await.expect("the token is the current one");
                // In its place: an app keeps no tokens, and its heap is not full of them.
                tokens[own].clear();
                tokens[own].push_str(&pair.refresh_token);
                count += 1;
            }
            (count, tokens)
        }
    }))
    .await;
    let elapsed = start.elapsed().as_secs_f64();
    let (counts, tokens): (Vec<usize>, Tokens) = done.into_iter().unzip();
    (counts.iter().sum::<usize>() as f64 / elapsed, tokens)
}

/// Runs futures side by side.
pub(crate) async fn in_tasks<F>(futures: impl Iterator<Item = F>) -> Vec<F::Output>
where
    F: Future<Output: Send> + Send + 'static,
{
    let tasks: Vec<_> = futures.map(spawn).collect();
    let mut outputs = Vec::new();
    for task in tasks {
        outputs.push(task.await.expect("no task panics"));
    }
    outputs
}
