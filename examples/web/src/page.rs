//! Pages from templates that are compiled into the program.

use askama::Template;
use rocket::Request;
use rocket::http::Header;
use rocket::response::content::RawHtml;
use rocket::response::{Debug, Responder, Result};

/// A template that is rendered and sent as HTML.
pub struct Page<T>(pub T);

impl<'r, T: Template> Responder<'r, 'static> for Page<T> {
    fn respond_to(self, request: &'r Request<'_>) -> Result<'static> {
        let mut response = self.0.render().map(RawHtml).map_err(Debug).respond_to(request)?;
        // Otherwise, the browser's Back button shows the page of a user who has signed out.
        response.set_header(Header::new("Cache-Control", "no-store"));
        Ok(response)
    }
}
