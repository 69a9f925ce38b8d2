//! Tasks that sign in and refresh.

use std::time::{Duration, Instant};

use jwt_auth::JwtAuth;
use jwt_auth_tests::{User, refresh as refresh_token};
use rocket::tokio::spawn;

/// Starts `sessions` sessions, `per_user` for each user, and returns their refresh tokens.
pub(crate) async fn sign_in(auth: &JwtAuth, sessions: usize, per_user: usize) -> Vec<String> {
    const TASKS: usize = 64;
    let tokens = in_tasks((0..TASKS).map(|task| {
        let auth = auth.clone();
        async move {
            let mut tokens = Vec::new();
            for session in (task..sessions).step_by(TASKS) {
                let user = format!("user-{}", session / per_user);
                tokens.push(auth.create_refresh_token::<User>(user).await.expect("the store responds"));
            }
            tokens
        }
    }));
    tokens.await.concat()
}

/// How a pair is used after a refresh.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    /// The access token is not used.
    None,
    /// The access token is used once, which confirms to the store that the pair has arrived.
    Once,
}

/// Refreshes for a given time. Each task goes through its own sessions in turn and presents the token from the last
/// response. Returns the number of refreshes per second.
pub(crate) async fn refresh(
    auth: &JwtAuth,
    tokens: &mut Vec<String>,
    tasks: usize,
    time: Duration,
    usage: Use,
) -> f64 {
    let start = Instant::now();
    let each = tokens.len().div_ceil(tasks);
    let mut rest = std::mem::take(tokens).into_iter();
    let done = in_tasks((0..tasks).map(|_| {
        let auth = auth.clone();
        let mut own: Vec<String> = rest.by_ref().take(each).collect();
        async move {
            let mut count = 0;
            while !own.is_empty() && start.elapsed() < time {
                let session = count % own.len();
                let pair = refresh_token(&auth, &own[session]).await.expect("the token is the current one");
                if usage == Use::Once {
                    auth.verify::<User>(&pair.access_token).expect("the token is valid");
                }
                // Reuses the allocation: a real app keeps no tokens, so they do not fill its heap.
                own[session].clear();
                own[session].push_str(&pair.refresh_token);
                count += 1;
            }
            (count, own)
        }
    }))
    .await;
    let elapsed = start.elapsed().as_secs_f64();
    let (counts, own): (Vec<usize>, Vec<Vec<String>>) = done.into_iter().unzip();
    *tokens = own.into_iter().flatten().collect();
    counts.iter().sum::<usize>() as f64 / elapsed
}

/// Runs futures concurrently.
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
