use jwt_auth::{Auth, Authorized, Claims, MaybeAuth, policy, require_auth};
use rocket::get;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    id: u64,
    #[claims(roles)]
    roles: Vec<String>,
}

#[derive(Claims, Serialize, Deserialize)]
#[claims(audience = "devices")]
struct Device {
    #[claims(subject)]
    serial: String,
}

#[derive(Claims, Serialize, Deserialize)]
#[claims(issuer = "https://partner.example", audience = "api")]
struct Partner {
    #[claims(subject)]
    name: String,
}

#[derive(Claims, Serialize, Deserialize)]
enum Staff {
    User(User),
    Partner(Partner),
}

#[policy(Device, fresh = "5m")]
struct SignedInRecently;

type Sensor = Auth<Device>;

#[require_auth(User, role = "admin")]
#[get("/auth")]
fn auth(_device: Auth<Device>) {}

#[require_auth(User)]
#[get("/alias")]
fn alias(_sensor: Sensor) {}

#[require_auth(User)]
#[get("/value")]
fn value(_device: Device) {}

#[require_auth(User)]
#[get("/reference")]
fn reference<'r>(_device: &'r Device) {}

#[require_auth(User, optional)]
#[get("/maybe")]
fn maybe(_device: MaybeAuth<Device>) {}

#[require_auth(policy = SignedInRecently)]
#[get("/named_policy")]
fn named_policy(_partner: &Partner) {}

#[require_auth(Staff)]
#[get("/enum")]
fn of_an_enum(_device: Auth<Device>) {}

#[require_auth(Staff)]
#[get("/pair")]
fn pair(_user: Auth<User>, _partner: Auth<Partner>) {}

#[require_auth(User)]
#[get("/proof")]
fn proof(_proof: Option<Authorized<SignedInRecently>>) {}

#[require_auth(User, check = |user, device: &Device| device.serial.len() as u64 == user.id)]
#[get("/condition")]
fn condition() {}

#[require_auth]
#[get("/first_parameter")]
fn first_parameter(_device: Auth<Device>, _user: Auth<User>) {}

#[require_auth]
#[get("/without_a_claims_type")]
fn without_a_claims_type(_device: &Device) {}

fn main() {}
