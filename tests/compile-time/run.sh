#!/usr/bin/env bash
# The compile time of 200 annotated routes, compared with the same 200 routes in plain Rocket, whose guard is written
# by hand, and the compile time of 40 claims types, compared with the same 40 types without claims. Prints the processor
# time of `cargo check` and `cargo build`, each the minimum of several alternating rounds, because other work on the
# machine only adds to it, and the number of lines that a handler expands to.
#
#     tests/compile-time/run.sh [rounds]
set -eu
cd "$(dirname "$0")/../.."
rounds=${1:-7}
root=$PWD
work=$root/target/compile-time
mkdir -p "$work"

# Creates a package from the code on the standard input. $1: name.
package() {
    mkdir -p "$work/$1/src"
    cat > "$work/$1/Cargo.toml" <<TOML
[package]
name = "$1"
version = "0.0.0"
edition = "2024"
[dependencies]
jwt-auth = { path = "$root/jwt-auth" }
rocket = "0.5.1"
serde = { version = "1", features = ["derive"] }
[workspace]
TOML
    cp "$root/Cargo.lock" "$work/$1/Cargo.lock"
    cat > "$work/$1/src/main.rs"
}

# $1: the attributes above each route; $2: its first parameters; $3: the macro that lists the routes.
routes() {
    cat <<'RUST'
use jwt_auth::{Auth, Claims, JwtAuth};
use rocket::{Request, get, launch, request::{FromRequest, Outcome}};
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
pub struct User {
    #[claims(subject)]
    id: u64,
    #[claims(roles)]
    roles: Vec<Role>,
}

#[derive(PartialEq, Serialize, Deserialize)]
pub enum Role { Admin, Editor }

/// What a team would write without a macro: a guard for a role.
pub struct Admin(Auth<User>);

impl std::ops::Deref for Admin {
    type Target = User;

    fn deref(&self) -> &User {
        &self.0
    }
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Admin {
    type Error = jwt_auth::AuthError;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Self::Error> {
        match Auth::<User>::from_request(request).await {
            Outcome::Success(user) if user.roles.contains(&Role::Admin) => Outcome::Success(Self(user)),
            Outcome::Success(_) => Outcome::Error((rocket::http::Status::Forbidden, Self::Error::Unauthorized)),
            Outcome::Error(error) => Outcome::Error(error),
            Outcome::Forward(status) => Outcome::Forward(status),
        }
    }
}
RUST
    local n names=""
    for n in $(seq 0 199); do
        printf '%s\n#[get("/things/%s/<id>?<page>")]\nfn route_%s(%s, id: u64, page: Option<u32>) -> String {\n    format!("{} {id} {page:?}", user.id)\n}\n' \
            "$1" "$n" "$n" "$2"
        names="$names route_$n,"
    done
    printf '#[launch]\nfn rocket() -> _ {\n    rocket::build().attach(JwtAuth::fairing()).mount("/", %s![%s])\n}\n' "$3" "$names"
}

# $1: a derive macro; $2 and $3: the attributes of the fields.
types() {
    printf '#![allow(dead_code)]\nuse serde::{Deserialize, Serialize};\n'
    for n in $(seq 0 39); do
        printf '#[derive(%sSerialize, Deserialize)]\npub struct User%s { %spub id: u64, %spub roles: Vec<String> }\n' "$1" "$n" "$2" "$3"
    done
    printf 'fn main() {}\n'
}

routes '#[jwt_auth::require_auth(User, role = Role::Admin)]' 'user: Auth<User>' jwt_auth::routes | package annotated
routes '' 'user: Admin' rocket::routes | package plain
types 'jwt_auth::Claims, ' '#[claims(subject)] ' '#[claims(roles)] ' | package claims
types '' '' '' | package data

# The apps share a folder for their dependencies. The apps themselves are rebuilt each time.
export CARGO_TARGET_DIR="$work/target" CARGO_INCREMENTAL=0 CARGO_TERM_COLOR=never
cargo_in() { (cd "$work/$1" && shift && cargo "$@" --quiet); }
millis() {
    touch "$work/$1/src/main.rs"
    # The processor time of the compiler and its child processes. Other load affects it less than wall-clock time.
    local TIMEFORMAT='%U %S'
    { time cargo_in "$@" > /dev/null; } 2>&1 | awk '{ print int(($1 + $2) * 1000) }'
}
least() { sort -n | head -n 1; }

# $1 and $2: two packages; $3 and $4: what they are.
compare() {
    printf '| | %s, ms | %s, ms | ratio |\n| --- | --- | --- | --- |\n' "$3" "$4"
    for command in check build; do
        for app in "$1" "$2"; do
            cargo_in "$app" $command
            : > "$work/$app.$command"
        done
        for _ in $(seq "$rounds"); do
            for app in "$1" "$2"; do
                millis "$app" $command >> "$work/$app.$command"
            done
        done
        awk "BEGIN { a = $(least < "$work/$1.$command"); b = $(least < "$work/$2.$command")
            printf \"| \`cargo $command\` | %d | %d | %.2f |\\n\", a, b, a / b }"
    done
}
compare annotated plain annotated 'by hand'
echo
compare claims data 'claims types' 'without claims'

# Printing expanded macros needs an unstable option of the compiler.
lines() {
    (cd "$work/$1" && RUSTC_BOOTSTRAP=1 cargo rustc --quiet --profile check -- -Zunpretty=expanded) | wc -l
}
a=$(lines annotated)
p=$(lines plain)
printf '\nA handler expands to %d lines, and to %d with a guard written by hand.\n' $((a / 200)) $((p / 200))
