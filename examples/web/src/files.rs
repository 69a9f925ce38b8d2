//! The static files, which are compiled into the program.

use jwt_auth::public;
use rocket::http::ContentType;
use rocket::{Route, get};

#[public]
#[get("/<file>")]
fn file(file: &str) -> Option<(ContentType, &'static str)> {
    Some(match file {
        "icon.svg" => (ContentType::SVG, include_str!("../static/icon.svg")),
        "style.css" => (ContentType::CSS, include_str!("../static/style.css")),
        "app.js" => (ContentType::JavaScript, include_str!("../static/app.js")),
        "api.js" => (ContentType::JavaScript, include_str!("../static/api.js")),
        "renewal.js" => (ContentType::JavaScript, include_str!("../static/renewal.js")),
        "sessions.js" => (ContentType::JavaScript, include_str!("../static/sessions.js")),
        "socket.js" => (ContentType::JavaScript, include_str!("../static/socket.js")),
        "stream.js" => (ContentType::JavaScript, include_str!("../static/stream.js")),
        "theft.js" => (ContentType::JavaScript, include_str!("../static/theft.js")),
        _ => return None,
    })
}

pub fn routes() -> Vec<Route> {
    jwt_auth::routes![file]
}
