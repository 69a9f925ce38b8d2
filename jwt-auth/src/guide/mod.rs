//! The guide: one page per task.
//!
//! | page | answers |
//! |---|---|
//! | [`getting_started`] | how to sign users in, register them, and protect a first route |
//! | [`claims`] | what a token contains, and how to choose a subject |
//! | [`protecting_routes`] | roles, scopes, ownership, recent sign-ins, anonymous visitors |
//! | [`step_up`] | asking for the password, or for a second factor, where it matters |
//! | [`passwords`] | how to hash, verify and rehash passwords, and what is bounded |
//! | [`throttling`] | how attempts to sign in are limited, without locking anyone out |
//! | [`sessions`] | login, refresh and logout; families, rotation and reuse |
//! | [`browsers`] | how to sign in from a browser: pages, single-page apps, WebSockets |
//! | [`cookies`] | which token counts, requests of other sites, renewal |
//! | [`revocation`] | signing out everywhere, and what happens to access tokens |
//! | [`keys`] | choosing an algorithm, and rotating a signing key step by step |
//! | [`trusted_issuers`] | accepting tokens of an identity provider or a partner |
//! | [`identity_providers`] | Auth0, Keycloak, Entra, Cognito, Google, Firebase, Okta, Clerk, Supabase |
//! | [`other_services`] | verifying the app's tokens in another service |
//! | [`errors`] | error responses: formats, the app's own catchers |
//! | [`settings`] | every setting, with its default and the reason for it |
//! | [`operations`] | running in production: a checklist, Redis, CORS, containers |
//! | [`observability`] | events, metrics, traces, logs and health checks |
//! | [`testing`] | tests as signed-in users, and an access audit |
//! | [`openapi`] | access rules in the OpenAPI document |
//! | [`security`] | the attacks that the crate stops, and those that it does not |
//! | [`comparison`] | what other libraries have, and when they are the better choice |
//! | [`migrating`] | moving from rocket-jwt-authorization, rocket-grants, or a guard of your own |
//! | [`fastapi_framework`] | moving from `fastapi_framework.jwt_auth` (Python) without logging users out |

macro_rules! pages {
    ($($page:ident),* $(,)?) => {
        $(
            #[doc = include_str!(concat!(stringify!($page), ".md"))]
            pub mod $page {}
        )*
    };
}

pages![
    getting_started,
    claims,
    protecting_routes,
    step_up,
    passwords,
    throttling,
    sessions,
    browsers,
    cookies,
    revocation,
    keys,
    trusted_issuers,
    identity_providers,
    other_services,
    errors,
    settings,
    operations,
    observability,
    testing,
    openapi,
    security,
    comparison,
    migrating,
    fastapi_framework,
];
