//! Waiting for revocations that may affect a token.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rocket::futures::future::OptionFuture;
use rocket::tokio::select;
use rocket::tokio::sync::watch::{Receiver, Sender};
use uuid::Uuid;

use super::Revocation;
use crate::owner::OwnerDigest;

/// The tasks that wait for revocations. A revocation wakes only the tasks that it may affect.
#[derive(Default)]
pub(super) struct Watchers(Mutex<HashMap<Watched, Sender<()>>>);

/// The target of a revocation.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Watched {
    Owner(OwnerDigest),
    Token(Uuid),
}

/// A subscription to the revocations of an owner and of one token.
pub(crate) struct Watch {
    watchers: Arc<Watchers>,
    owner: Waiting,
    token: Waiting,
}

/// Waits for the revocations of one thing. There is no receiver only while this is dropped.
struct Waiting {
    watched: Watched,
    receiver: Option<Receiver<()>>,
}

impl Watchers {
    /// Subscribes to revocations. No later revocation is missed.
    pub(super) fn watch(self: &Arc<Self>, owner: OwnerDigest, token: Uuid) -> Watch {
        let mut watchers = self.lock();
        let mut watch = |watched| {
            let sender = watchers.entry(watched).or_insert_with(|| Sender::new(()));
            Waiting { watched, receiver: Some(sender.subscribe()) }
        };
        let (owner, token) = (watch(Watched::Owner(owner)), watch(Watched::Token(token)));
        Watch { watchers: Arc::clone(self), owner, token }
    }

    /// Wakes the tasks that a revocation may affect.
    pub(super) fn wake(&self, revocation: &Revocation) {
        let watched = match revocation {
            Revocation::Session(owner, _) | Revocation::Owner(owner, ..) => Watched::Owner(*owner),
            Revocation::Token(id) => Watched::Token(*id),
        };
        if let Some(sender) = self.lock().get(&watched) {
            sender.send_replace(());
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Watched, Sender<()>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Watch {
    /// Waits for a revocation that no earlier call has returned for.
    pub(crate) async fn woken(&mut self) {
        select! {
            () = self.owner.woken() => {}
            () = self.token.woken() => {}
        }
    }
}

impl Waiting {
    async fn woken(&mut self) {
        // This never fails, because the sender lives as long as the receiver.
        let changed = self.receiver.as_mut().map(Receiver::changed);
        let _ = OptionFuture::from(changed).await;
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let mut watchers = self.watchers.lock();
        for waiting in [&mut self.owner, &mut self.token] {
            // Under the lock, so that of two that are dropped at once, one sees that it is the last.
            waiting.receiver.take();
            if watchers.get(&waiting.watched).is_some_and(|sender| sender.receiver_count() == 0) {
                watchers.remove(&waiting.watched);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use rocket::futures::FutureExt;

    use super::*;
    use crate::owner::Owner;

    fn owner(name: &str) -> OwnerDigest {
        Owner::new(None, None, name).digest()
    }

    #[rocket::async_test]
    async fn a_revocation_wakes_those_whom_it_may_concern() {
        let watchers = Arc::new(Watchers::default());
        let token = Uuid::new_v4();
        let mut watch = watchers.watch(owner("ann"), token);
        for (revocation, wakes) in [
            (Revocation::Session(owner("ann"), Uuid::new_v4()), true),
            (Revocation::Owner(owner("ann"), Default::default(), None), true),
            (Revocation::Token(token), true),
            (Revocation::Session(owner("bob"), Uuid::new_v4()), false),
            (Revocation::Token(Uuid::new_v4()), false),
        ] {
            watchers.wake(&revocation);
            assert_eq!(watch.woken().now_or_never().is_some(), wakes, "{revocation:?}");
            assert_eq!(watch.woken().now_or_never(), None, "once");
        }
    }

    #[test]
    fn nothing_is_left_when_no_one_waits() {
        let watchers = Arc::new(Watchers::default());
        let (first, second) = (Uuid::new_v4(), Uuid::new_v4());
        let watches = [watchers.watch(owner("ann"), first), watchers.watch(owner("ann"), second)];
        assert_eq!(watchers.lock().len(), 3);
        let [one, other] = watches;
        drop(one);
        assert_eq!(watchers.lock().len(), 2);
        drop(other);
        assert_eq!(watchers.lock().len(), 0);
    }

    #[test]
    fn nothing_is_left_when_two_streams_end_at_once() {
        let watchers = Arc::new(Watchers::default());
        for _ in 0..2_000 {
            let token = Uuid::new_v4();
            let watches = [watchers.watch(owner("ann"), token), watchers.watch(owner("ann"), token)];
            let barrier = std::sync::Barrier::new(2);
            std::thread::scope(|scope| {
                for watch in watches {
                    scope.spawn(|| {
                        barrier.wait();
                        drop(watch);
                    });
                }
            });
        }
        assert_eq!(watchers.lock().len(), 0);
    }
}
