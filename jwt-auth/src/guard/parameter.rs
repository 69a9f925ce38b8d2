//! The rules for a handler's parameters, as bounds, so that the compiler names the types.

/// The result of a rule for a parameter.
pub struct Met<const IS: bool>;

/// A type that does not hide an invalid token.
#[diagnostic::on_unimplemented(
    message = "`{Self}` would mistake a forged token for an anonymous visitor",
    label = "take `MaybeAuth<User>` instead, with your claims type",
    note = "Rocket turns every failure of a guard into a value of `Option`, `Result` or `Outcome`, so the route would run \
            even if the token is forged, expired or revoked",
    note = "`MaybeAuth<User>` is `None` only if the request has no token; with `#[require_auth]` but without `optional`, \
            there is always a token, so take `Auth<User>`"
)]
pub trait RejectsInvalidTokens<Rule> {}

#[diagnostic::do_not_recommend]
impl<T: ?Sized> RejectsInvalidTokens<Met<true>> for T {}

/// Asserts at compile time that a parameter does not hide an invalid token.
pub const fn assert_rejects_invalid_tokens<T: ?Sized + RejectsInvalidTokens<Rule>, Rule>() {}

/// A type that can be read from the same token as the type `Other`.
#[diagnostic::on_unimplemented(
    message = "no token is valid for both `{Other}` and `{Self}`",
    label = "one of the two rejects every token",
    note = "their claims have different issuers or audiences: compare the `#[claims(…)]` attributes of the types",
    note = "take claims of one type, or an enum of both types that derives `Claims`",
    note = "`SubjectClaims` means that `#[require_auth]` has no claims type, so it requires the default audience of this \
            app: name the type, as in `#[require_auth(Device)]`"
)]
pub trait SharesTokensWith<Other: ?Sized, Rule> {}

#[diagnostic::do_not_recommend]
impl<T: ?Sized, Other: ?Sized> SharesTokensWith<Other, Met<true>> for T {}

/// Asserts at compile time that a token can be valid as both types.
pub const fn assert_shares_tokens<T: ?Sized + SharesTokensWith<Other, Rule>, Other: ?Sized, Rule>() {}
