//! Passwords, as an app uses them.

use std::sync::atomic::Ordering::Relaxed;
use std::sync::mpsc;

use tokio::sync::oneshot;

use super::{PasswordCheck, Passwords};
use crate::error::{AuthError, MalformedCredentials};

/// The hash of `hunter2hunter2`, with the default parameters.
const HASH: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$k+Jf6tFU4HKrt2Y5Yp6xgw$10ng1Ky44+fRIcHAYDzacKIUwruZnYC5WX0FFSfGNF4";

/// Texts that are no hash that this process would compute.
const UNUSABLE: [&str; 13] = [
    "",
    "hunter2hunter2",
    "$",
    // bcrypt, and scrypt.
    "$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW",
    "$scrypt$ln=16,r=8,p=1$aM15713r3Xsvxbi31lqr1Q$nFNh2CVHVjNldFVKDHDlm4CbdRSCdEBsjjJxD+iCs5E",
    // Without an output, and without a salt.
    "$argon2id$v=19$m=19456,t=2,p=1$k+Jf6tFU4HKrt2Y5Yp6xgw",
    "$argon2id$v=19$m=19456,t=2,p=1",
    // An unknown version, an unknown parameter, and too little memory.
    "$argon2id$v=20$m=19456,t=2,p=1$k+Jf6tFU4HKrt2Y5Yp6xgw$10ng1Ky44+fRIcHAYDzacKIUwruZnYC5WX0FFSfGNF4",
    "$argon2id$v=19$m=19456,t=2,p=1,x=1$k+Jf6tFU4HKrt2Y5Yp6xgw$10ng1Ky44+fRIcHAYDzacKIUwruZnYC5WX0FFSfGNF4",
    "$argon2id$v=19$m=7,t=2,p=1$k+Jf6tFU4HKrt2Y5Yp6xgw$10ng1Ky44+fRIcHAYDzacKIUwruZnYC5WX0FFSfGNF4",
    // 4 TiB of memory, 129 MiB of memory, and a billion iterations.
    "$argon2id$v=19$m=4294967295,t=1,p=1$k+Jf6tFU4HKrt2Y5Yp6xgw$10ng1Ky44+fRIcHAYDzacKIUwruZnYC5WX0FFSfGNF4",
    "$argon2id$v=19$m=132096,t=1,p=1$k+Jf6tFU4HKrt2Y5Yp6xgw$10ng1Ky44+fRIcHAYDzacKIUwruZnYC5WX0FFSfGNF4",
    "$argon2id$v=19$m=19456,t=1000000000,p=1$k+Jf6tFU4HKrt2Y5Yp6xgw$10ng1Ky44+fRIcHAYDzacKIUwruZnYC5WX0FFSfGNF4",
];

/// Returns passwords that are hashed fast.
fn fast() -> Passwords {
    Passwords::builder().memory_kib(8).iterations(1).build().expect("the parameters are valid")
}

async fn check(passwords: &Passwords, hash: Option<&str>, password: &str) -> PasswordCheck {
    passwords.verify(hash, password).await.expect("the password can be verified")
}

async fn hash(passwords: &Passwords, password: &str) -> String {
    passwords.hash(password).await.expect("the password can be hashed")
}

#[rocket::async_test]
async fn only_the_right_password_verifies() {
    let passwords = Passwords::new();
    assert_eq!(check(&passwords, Some(HASH), "hunter2hunter2").await, PasswordCheck::Right);
    for wrong in ["hunter2", "", "hunter2hunter2 ", "HUNTER2HUNTER2"] {
        assert_eq!(check(&passwords, Some(HASH), wrong).await, PasswordCheck::Wrong, "{wrong:?}");
    }
}

#[rocket::async_test]
async fn a_new_hash_verifies_and_is_current() {
    let passwords = Passwords::new();
    let first = hash(&passwords, "correct horse").await;
    assert!(first.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{first}");
    assert_eq!(first.len(), HASH.len());
    assert_ne!(hash(&passwords, "correct horse").await, first, "the salt is random");
    assert_eq!(check(&passwords, Some(&first), "correct horse").await, PasswordCheck::Right);
}

#[rocket::async_test]
async fn nothing_verifies_without_a_usable_hash() {
    let passwords = fast();
    assert_eq!(check(&passwords, None, "hunter2hunter2").await, PasswordCheck::Wrong);
    for unusable in UNUSABLE {
        assert_eq!(
            check(&passwords, Some(unusable), "hunter2hunter2").await,
            PasswordCheck::Wrong,
            "{unusable}"
        );
    }
}

#[test]
fn the_dummy_takes_as_long_as_a_new_hash() {
    let parameters = |hash: &str| hash.split('$').take(4).map(str::to_owned).collect::<Vec<_>>();
    let passwords = Passwords::new();
    for unusable in UNUSABLE.map(Some).into_iter().chain([None]) {
        let dummy = passwords.hasher.target(unusable).hash;
        assert_eq!(parameters(&dummy.to_string()), parameters(HASH), "{unusable:?}");
        let lengths = (dummy.salt.map(|salt| salt.len()), dummy.hash.map(|output| output.len()));
        assert_eq!(lengths, (Some(16), Some(32)), "{unusable:?}");
    }
}

#[rocket::async_test]
async fn every_check_computes_one_hash() {
    let passwords = fast();
    let long = "x".repeat(Passwords::MAX_LENGTH + 1);
    let own = hash(&passwords, "hunter2hunter2").await;
    let checks = [
        (None, "hunter2hunter2"),
        (Some(own.as_str()), "hunter2hunter2"),
        (Some(&own), "wrong"),
        (Some(&own), &long),
    ]
    .into_iter()
    .chain(UNUSABLE.map(|unusable| (Some(unusable), "hunter2hunter2")));
    for (number, (hash, password)) in checks.enumerate() {
        let _ = check(&passwords, hash, password).await;
        assert_eq!(passwords.hasher.computed.load(Relaxed), number + 1, "{hash:?}");
    }
}

#[rocket::async_test]
async fn a_hash_with_other_parameters_is_replaced() {
    let current =
        Passwords::builder().memory_kib(64).iterations(2).build().expect("the parameters are valid");
    let others = [
        Passwords::builder().memory_kib(32).iterations(2),
        Passwords::builder().memory_kib(64).iterations(1),
        Passwords::builder().memory_kib(128).iterations(2),
        Passwords::builder().memory_kib(64).iterations(2).lanes(2),
    ];
    for other in others {
        let other = other.build().expect("the parameters are valid");
        let old = hash(&other, "hunter2hunter2").await;
        let found = check(&current, Some(&old), "hunter2hunter2").await;
        assert_eq!(found, PasswordCheck::RightButRehash, "{old}");
        assert!(found.is_right() && found.needs_rehash());
        let wrong = check(&current, Some(&old), "wrong").await;
        assert!(!wrong.is_right() && !wrong.needs_rehash(), "{old}");
        let new = hash(&current, "hunter2hunter2").await;
        let found = check(&current, Some(&new), "hunter2hunter2").await;
        assert!(found.is_right() && !found.needs_rehash(), "{new}");
    }
}

#[rocket::async_test]
async fn other_kinds_of_argon2_are_replaced() {
    let passwords = fast();
    let (algorithms, salt) = ([argon2::Algorithm::Argon2i, argon2::Algorithm::Argon2d], b"saltsalt");
    for algorithm in algorithms {
        for version in [argon2::Version::V0x10, argon2::Version::V0x13] {
            let params = argon2::Params::new(8, 1, 1, Some(32)).expect("the parameters are valid");
            let argon2 = argon2::Argon2::new(algorithm, version, params);
            let old = argon2::PasswordHasher::hash_password_with_salt(&argon2, b"hunter2hunter2", salt);
            let old = old.expect("the password can be hashed").to_string();
            assert_eq!(
                check(&passwords, Some(&old), "hunter2hunter2").await,
                PasswordCheck::RightButRehash,
                "{old}"
            );
        }
    }
}

#[test]
fn hashes_of_other_libraries_are_not_too_expensive() {
    let passwords = Passwords::new();
    // PHP, argon2-cffi, Django, and OWASP's largest.
    for parameters in
        ["m=65536,t=4,p=1", "m=65536,t=3,p=4", "m=102400,t=2,p=8", "m=47104,t=1,p=1", "m=131072,t=4,p=1"]
    {
        let stored = HASH.replace("m=19456,t=2,p=1", parameters);
        assert_eq!(passwords.hasher.target(Some(&stored)).hash.to_string(), stored);
    }
    let large = HASH.replace("m=19456,t=2,p=1", "m=131072,t=5,p=1");
    assert_ne!(passwords.hasher.target(Some(&large)).hash.to_string(), large);
    let larger =
        Passwords::builder().memory_kib(262_144).iterations(3).build().expect("the parameters are valid");
    assert_eq!(larger.hasher.target(Some(&large)).hash.to_string(), large, "its own hashes need more");
}

#[rocket::async_test]
async fn a_long_password_is_rejected() {
    let passwords = fast();
    let longest = "x".repeat(Passwords::MAX_LENGTH);
    let hash = hash(&passwords, &longest).await;
    assert_eq!(check(&passwords, Some(&hash), &longest).await, PasswordCheck::Right);
    // Not even one that begins with the right password.
    let longer = format!("{longest}x");
    assert_eq!(check(&passwords, Some(&hash), &longer).await, PasswordCheck::Wrong);
    let rejected = passwords.hash(longer).await.expect_err("the password is too long");
    assert!(
        matches!(rejected, AuthError::MalformedCredentials(MalformedCredentials::TooLong)),
        "{rejected:?}"
    );
    assert_eq!(rejected.status().code, 413);
}

#[rocket::async_test]
async fn a_password_beyond_the_limits_gets_a_503() {
    let passwords = Passwords::builder().memory_kib(8).iterations(1).at_once(1).waiting(0);
    let passwords = passwords.build().expect("the parameters are valid");
    let (started, has_started) = oneshot::channel();
    let (finish, finished) = mpsc::channel::<()>();
    let gate = passwords.gate.clone();
    let other = tokio::spawn(async move {
        gate.run(move || {
            let _ = started.send(());
            let _ = finished.recv();
        })
        .await
    });
    has_started.await.expect("the work begins");
    let clone = passwords.clone();
    for rejected in
        [clone.verify(None, "hunter2hunter2").await.err(), clone.hash("hunter2hunter2").await.err()]
    {
        assert_eq!(rejected.map(|error| error.status().code), Some(503));
    }
    drop(finish);
    assert!(other.await.expect("the work does not panic").is_ok());
    assert_eq!(check(&passwords, None, "hunter2hunter2").await, PasswordCheck::Wrong);
}

#[test]
fn debug_output_shows_nothing() {
    assert_eq!(format!("{:?}", Passwords::new()), "Passwords { .. }");
}

#[rocket::async_test]
async fn memory_is_used_again() {
    let passwords = Passwords::builder().memory_kib(64).iterations(2).at_once(3).waiting(200).build();
    let passwords = passwords.expect("the parameters are valid");
    let stored = hash(&passwords, "one").await;
    let all: Vec<_> = (0..100)
        .map(|number| {
            let (passwords, stored) = (passwords.clone(), stored.clone());
            tokio::spawn(async move {
                let (password, expected) = match number % 3 {
                    0 => ("one", PasswordCheck::Right),
                    1 => ("two", PasswordCheck::Wrong),
                    _ => ("", PasswordCheck::Wrong),
                };
                assert_eq!(check(&passwords, Some(&stored), password).await, expected);
            })
        })
        .collect();
    for one in all {
        one.await.expect("each check has its result");
    }
    assert!((1..=3).contains(&passwords.hasher.memory.pieces()), "{}", passwords.hasher.memory.pieces());
    let other =
        "$argon2id$v=19$m=8,t=1,p=1$k+Jf6tFU4HKrt2Y5Yp6xgw$10ng1Ky44+fRIcHAYDzacKIUwruZnYC5WX0FFSfGNF4";
    let before = passwords.hasher.memory.pieces();
    assert_eq!(check(&passwords, Some(other), "one").await, PasswordCheck::Wrong);
    assert_eq!(passwords.hasher.memory.pieces(), before, "memory of another size is not kept");
}
