//! Claims of several types on one handler, where a token can be valid for all of them.
#![deny(warnings)]

use jwt_auth::{Auth, Authorized, Claims, MaybeAuth, policy, public, require_auth};
use rocket::get;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    id: u64,
}

/// Has the same issuer and audience as `User`.
#[derive(Claims, Serialize, Deserialize)]
struct Named {
    #[claims(subject)]
    name: String,
}

#[derive(Claims, Serialize, Deserialize)]
#[claims(audience = "devices")]
struct Device {
    #[claims(subject)]
    serial: String,
}

#[derive(Claims, Serialize, Deserialize)]
#[claims(issuer = "https://partner.example", audience = "orders")]
struct Orders {
    #[claims(subject)]
    name: String,
}

#[derive(Claims, Serialize, Deserialize)]
#[claims(issuer = "https://partner.example", audience = "invoices")]
struct Invoices {
    #[claims(subject)]
    name: String,
}

#[derive(Claims, Serialize, Deserialize)]
enum Caller {
    User(User),
    Device(Device),
}

#[policy(Device, fresh = "5m")]
struct SignedInRecently;

#[require_auth(User)]
#[get("/same_kind")]
fn same_kind(_user: &User, _named: Named) {}

#[require_auth(Caller)]
#[get("/variant")]
fn variant(_caller: &Caller, _device: MaybeDevice) {}

type MaybeDevice = Auth<Device>;

#[require_auth(Device)]
#[get("/enum")]
fn of_an_enum(_caller: Auth<Caller>, _proof: Option<Authorized<SignedInRecently>>) {}

#[require_auth]
#[get("/first_parameter")]
fn first_parameter(_device: Auth<Device>) {}

#[require_auth]
#[get("/without_a_claims_type")]
fn without_a_claims_type(_user: &User) {}

/// A trusted issuer may name several audiences in one token.
#[require_auth(Orders)]
#[get("/audiences")]
fn audiences(_invoices: Auth<Invoices>) {}

#[public]
#[get("/public")]
fn public_handler(_user: MaybeAuth<User>, _caller: MaybeAuth<Caller>) {}

#[require_auth(Caller, check = |_, device: &Device| !device.serial.is_empty())]
#[get("/condition")]
fn condition() {}

#[test]
fn claims_of_several_types_can_be_taken() {
    let routes = jwt_auth::routes![
        same_kind,
        variant,
        of_an_enum,
        first_parameter,
        without_a_claims_type,
        audiences,
        public_handler,
        condition
    ];
    assert_eq!(routes.len(), 8);
}
