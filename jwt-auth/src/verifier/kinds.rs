//! Whether the settings know the kinds of claims that routes ask for. Found out at launch.

use super::Verifier;
use super::expected::Expected;
use crate::claims::Kind;

impl Verifier {
    /// Sees that tokens of these kinds can be verified, and told apart.
    ///
    /// # Errors
    ///
    /// What is wrong, and what to write.
    pub(crate) fn check_kinds(&self, kinds: &[Kind]) -> Result<(), String> {
        for (number, kind) in kinds.iter().enumerate() {
            self.check_kind(*kind)?;
            for other in &kinds[..number] {
                if other.issuer == kind.issuer && self.expected(*kind).overlaps(&self.expected(*other)) {
                    return Err(format!(
                        "a token could be of `{}` and of `{}`, since both may name one audience: write \
                         `#[claims(audience = \"…\")]` on each, or set other audiences",
                        other.name(),
                        kind.name()
                    ));
                }
            }
        }
        Ok(())
    }

    fn check_kind(&self, kind: Kind) -> Result<(), String> {
        let name = kind.name();
        match (kind.issuer, kind.audience) {
            (None, Some(audience)) if self.audience.iter().any(|other| other == audience) => Err(format!(
                "`{name}` are claims for the audience {audience:?}, and so are all of this app by the setting \
                 `audience`: take it out of one of the two"
            )),
            (Some(issuer), _) if self.issuer.as_deref() == Some(issuer) => Err(format!(
                "`{name}` are claims of {issuer}, which is this app itself by the setting `issuer`: take \
                 `issuer = …` out of `#[claims(…)]`"
            )),
            (Some(issuer), _) if self.keyring.other(issuer).is_none() => Err(format!(
                "`{name}` are claims of {issuer}, of which the settings say nothing: write issuers = [{{ issuer = \
                 {issuer:?}, audience = \"api\", algorithm = \"ES256\", public_key = \"issuer.pem\" }}] under \
                 [default.jwt_auth]"
            )),
            (Some(issuer), None)
                if self.keyring.other(issuer).is_some_and(|(_, other)| other.audience.is_empty()) =>
            {
                Err(format!(
                    "`{name}` are claims of {issuer} for any audience, so what it issues to anybody would count \
                     here: set `audience` in its table of `issuers`, or write `#[claims(audience = \"…\")]`"
                ))
            }
            _ => Ok(()),
        }
    }

    /// The audiences that its tokens must name one of.
    pub(super) fn expected(&self, kind: Kind) -> Expected<'_> {
        match kind.issuer.and_then(|issuer| self.keyring.other(issuer)) {
            Some((_, issuer)) => Expected::of(issuer, kind.audience),
            None => Expected::ours(&self.audience, kind.audience),
        }
    }
}
