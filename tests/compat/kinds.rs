//! Kinds of claims. The Python service has only one kind of user.

use jwt_auth::InvalidGrant;
use jwt_auth_tests::refusal;

use crate::fixtures::{LIFE, refresh, refresh_token, service};

/// The tokens of the Python service belong to the default kind.
#[rocket::async_test]
async fn a_python_token_does_not_open_the_account_of_a_device() {
    #[derive(Debug, jwt_auth::Claims, serde::Serialize, serde::Deserialize)]
    #[claims(audience = "devices")]
    struct Device {
        #[claims(subject)]
        id: u64,
    }

    for phase in ["issue", "accept"] {
        let (server, setup) = service(phase);
        let auth = setup.launch().await;
        let token = refresh_token(&server, &setup, 5.into(), LIFE);
        let device = auth.refresh(&token, async |id: u64| Some(Device { id })).await;
        assert_eq!(refusal(device), InvalidGrant::WrongKind, "{phase}");
        let device = auth.create_refresh_token::<Device>(5).await;
        assert_eq!(
            device.is_err(),
            phase == "issue",
            "the format of the Python service has no kinds: {device:?}"
        );
        refresh(&auth, &token).await.expect("the token is still unused");
    }
}
