//! Collects the errors of a macro invocation, so that one compilation reports all of them.

use std::fmt::Display;

use proc_macro2::TokenStream;
use quote::ToTokens;

/// A collector of errors. It must be [finished](Self::finish): if it were dropped with an error, wrong code
/// would compile.
#[derive(Default)]
pub(crate) struct Diag {
    errors: Option<syn::Error>,
    finished: bool,
}

impl Diag {
    /// Reports an error at these tokens.
    pub(crate) fn error(&mut self, tokens: impl ToTokens, message: impl Display) {
        self.push(syn::Error::new_spanned(tokens, message));
    }

    /// Reports that these tokens repeat earlier ones.
    pub(crate) fn duplicate(&mut self, tokens: impl ToTokens, what: impl Display) {
        self.error(tokens, format!("duplicate `{what}`"));
    }

    /// Adds an error.
    pub(crate) fn push(&mut self, error: syn::Error) {
        match &mut self.errors {
            Some(errors) => errors.combine(error),
            None => self.errors = Some(error),
        }
    }

    /// Returns whether there are no errors so far.
    pub(crate) fn is_empty(&self) -> bool {
        self.errors.is_none()
    }

    /// The number of errors so far.
    pub(crate) fn len(&self) -> usize {
        self.errors.iter().flatten().count()
    }

    /// Returns the errors as `compile_error!`s, if there are any.
    pub(crate) fn finish(mut self) -> Result<(), TokenStream> {
        self.finished = true;
        match self.errors.take() {
            Some(errors) => Err(errors.into_compile_error()),
            None => Ok(()),
        }
    }
}

impl Drop for Diag {
    fn drop(&mut self) {
        if !self.finished && !std::thread::panicking() {
            panic!("bug in jwt-auth-macros: the errors of an invocation were dropped");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_errors_are_reported() {
        let mut diag = Diag::default();
        assert!(diag.is_empty());
        diag.error(quote::quote!(a), "first");
        diag.error(quote::quote!(b), "second");
        let errors = diag.finish().unwrap_err().to_string();
        assert!(errors.contains("\"first\"") && errors.contains("\"second\""));
    }

    #[test]
    #[should_panic(expected = "the errors of an invocation were dropped")]
    fn dropping_errors_panics() {
        Diag::default().error(quote::quote!(a), "first");
    }
}
