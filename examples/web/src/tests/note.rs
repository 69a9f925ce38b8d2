//! The note on the account page.

use rocket::http::Status;

use super::{open, signed_in, submit, target};

#[rocket::async_test]
async fn a_note_is_shown_as_text() {
    let browser = signed_in().await;
    let saved = submit(&browser, "/account/note", "note=%3Cb%3Emilk%3C/b%3E").await;
    assert_eq!(target(&saved), "/account");
    let page = open(&browser, "/account").await;
    assert!(page.contains("milk") && !page.contains("<b>milk"), "{page}");
}

#[rocket::async_test]
async fn a_note_has_a_maximum_length() {
    let browser = signed_in().await;
    let saved = submit(&browser, "/account/note", &format!("note={}", "a".repeat(1000))).await;
    assert_eq!(target(&saved), "/account");
    let rejected = submit(&browser, "/account/note", &format!("note={}", "a".repeat(1001))).await;
    assert_eq!(rejected.status(), Status::PayloadTooLarge);
}
