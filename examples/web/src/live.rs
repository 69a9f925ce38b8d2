//! The live view, with an event stream and a WebSocket. Both end when the session does.

use std::time::Duration;

use askama::Template;
use jwt_auth::{Auth, JwtAuth, Next, public, require_auth};
use rocket::futures::{SinkExt, StreamExt};
use rocket::response::stream::{Event, EventStream, stream};
use rocket::tokio::{select, time};
use rocket::{Route, get};
use rocket_ws::frame::{CloseCode, CloseFrame};
use rocket_ws::stream::DuplexStream;
use rocket_ws::{Channel, Config, WebSocket};

use crate::accounts::User;
use crate::page::Page;
use crate::sign_in::SignInForm;

/// The longest message, in bytes.
const LONGEST: usize = 4096;

/// How long a client may take to receive that its session has ended.
const PATIENCE: Duration = Duration::from_secs(5);

#[derive(Template)]
#[template(path = "app.html")]
struct LiveView {
    form: SignInForm,
}

/// Returns the page. Its script finds out who is signed in.
#[public]
#[get("/app")]
fn app() -> Page<LiveView> {
    Page(LiveView { form: SignInForm::new(Next::parse("/app").unwrap_or_default()) })
}

/// Counts until the session ends. The last event reports the end, because an `EventSource` would otherwise reconnect.
#[require_auth]
#[get("/events")]
fn events(user: Auth<User>, auth: &JwtAuth) -> EventStream![] {
    let counter = stream! {
        let mut interval = time::interval(Duration::from_millis(500));
        for count in 1u64.. {
            interval.tick().await;
            yield count;
        }
    };
    let counter = auth.while_valid(&user, counter);
    EventStream! {
        for await count in counter {
            yield Event::data(count.to_string());
        }
        yield Event::data("The session has ended.").event("ended");
    }
}

/// Sends each message back for as long as the session lives.
#[require_auth]
#[get("/socket")]
fn socket(user: Auth<User>, auth: &JwtAuth, socket: WebSocket) -> Channel<'static> {
    let ended = auth.ended(&user);
    let limits =
        Config { max_message_size: Some(LONGEST), max_frame_size: Some(LONGEST), ..Config::default() };
    socket.config(limits).channel(move |mut stream| {
        Box::pin(async move {
            select! {
                result = echo(&mut stream) => result,
                () = ended => close(stream).await,
            }
        })
    })
}

async fn echo(stream: &mut DuplexStream) -> rocket_ws::result::Result<()> {
    while let Some(message) = stream.next().await {
        let message = message?;
        if message.is_text() {
            stream.send(message).await?;
        }
    }
    Ok(())
}

async fn close(mut stream: DuplexStream) -> rocket_ws::result::Result<()> {
    let reason = CloseFrame { code: CloseCode::Policy, reason: "The session has ended.".into() };
    // A client that does not read must not keep the connection.
    time::timeout(PATIENCE, stream.close(Some(reason))).await.unwrap_or(Ok(()))
}

pub fn routes() -> Vec<Route> {
    jwt_auth::routes![app, events, socket]
}
