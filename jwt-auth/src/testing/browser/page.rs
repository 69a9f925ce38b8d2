//! Pages, and the requests that they cause.

use rocket::http::{ContentType, Header, Method};

use super::jar::Carries;
use super::site::{Origin, Relation};
use super::{Browser, BrowserResponse};

/// A page that is open in a [`Browser`], of the app or of another origin.
pub struct Page<'a> {
    browser: &'a Browser,
    /// `None`: the address bar.
    origin: Option<Origin>,
}

/// A request that a page causes. Nothing happens until it is [sent](Self::send).
#[must_use = "nothing happens until it is sent"]
pub struct BrowserRequest<'a> {
    browser: &'a Browser,
    origin: Option<Origin>,
    method: Method,
    path: String,
    /// Whether the response becomes the page.
    is_navigation: bool,
    headers: Vec<Header<'static>>,
    body: Vec<u8>,
}

impl<'a> Page<'a> {
    pub(super) fn new(browser: &'a Browser, origin: Option<Origin>) -> Self {
        Self { browser, origin }
    }

    /// Returns a request of a script, by `fetch` with `credentials: "include"`, to a path of the app.
    pub fn fetch(&self, method: Method, path: &str) -> BrowserRequest<'a> {
        self.request(method, path, false)
    }

    /// Returns a `GET` of a script.
    pub fn get(&self, path: &str) -> BrowserRequest<'a> {
        self.fetch(Method::Get, path)
    }

    /// Returns a `POST` of a script.
    pub fn post(&self, path: &str) -> BrowserRequest<'a> {
        self.fetch(Method::Post, path)
    }

    /// Returns the request of a link that the user follows.
    pub fn follow(&self, path: &str) -> BrowserRequest<'a> {
        self.navigate(Method::Get, path)
    }

    /// Returns the request of a form with this content, such as `name=ann&remember=true`.
    pub fn submit(&self, path: &str, form: &str) -> BrowserRequest<'a> {
        self.navigate(Method::Post, path).header(ContentType::Form).body(form)
    }

    pub(super) fn navigate(&self, method: Method, path: &str) -> BrowserRequest<'a> {
        self.request(method, path, true)
    }

    fn request(&self, method: Method, path: &str, is_navigation: bool) -> BrowserRequest<'a> {
        BrowserRequest {
            browser: self.browser,
            origin: self.origin.clone(),
            method,
            path: path.to_owned(),
            is_navigation,
            headers: Vec::new(),
            body: Vec::new(),
        }
    }
}

impl BrowserRequest<'_> {
    /// Sets the method.
    pub fn method(mut self, method: Method) -> Self {
        self.method = method;
        self
    }

    /// Adds a header, or replaces the one that the browser would send.
    pub fn header(mut self, header: impl Into<Header<'static>>) -> Self {
        self.headers.push(header.into());
        self
    }

    /// Sets the body.
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// Sends the request, and stores the cookies of the response.
    pub async fn send(self) -> BrowserResponse {
        let browser = self.browser;
        let mut request = browser.client.req(self.method, self.path.clone());
        request.inner_mut().set_host(browser.origin.to_host());
        for header in self.own_headers().into_iter().chain(self.headers) {
            request.inner_mut().replace_header(header);
        }
        let response = request.body(self.body).dispatch().await;
        let (status, mut headers) = (response.status(), rocket::http::HeaderMap::new());
        for header in response.headers().iter() {
            headers.add(Header::new(header.name().as_str().to_owned(), header.value().to_owned()));
        }
        for cookie in response.headers().get("Set-Cookie") {
            browser.jar().set(&browser.origin, cookie, browser.now());
        }
        let body = response.into_string().await.unwrap_or_default();
        BrowserResponse { status, headers, body }
    }

    /// Returns the headers that a browser adds.
    fn own_headers(&self) -> Vec<Header<'static>> {
        let browser = self.browser;
        let relation = self.origin.as_ref().map(|origin| origin.relation_to(&browser.origin));
        let is_safe = matches!(self.method, Method::Get | Method::Head);
        let mut headers = Vec::new();

        let carries = match relation {
            Some(Relation::CrossSite) if self.is_navigation && is_safe => Carries::Lax,
            Some(Relation::CrossSite) => Carries::OnlyNone,
            _ => Carries::All,
        };
        let cookies = browser.jar().carried(&browser.origin, &self.path, carries, browser.now());
        if !cookies.is_empty() {
            let pairs: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            headers.push(Header::new("Cookie", pairs.join("; ")));
        }
        let is_cors = !self.is_navigation && relation != Some(Relation::SameOrigin);
        if let Some(origin) = &self.origin
            && (!is_safe || is_cors)
        {
            headers.push(Header::new("Origin", origin.as_str().to_owned()));
        }
        if browser.sends_metadata {
            let site = match relation {
                None => "none",
                Some(Relation::SameOrigin) => "same-origin",
                Some(Relation::SameSite) => "same-site",
                Some(Relation::CrossSite) => "cross-site",
            };
            let (mode, destination) =
                if self.is_navigation { ("navigate", "document") } else { ("cors", "empty") };
            headers.push(Header::new("Sec-Fetch-Site", site));
            headers.push(Header::new("Sec-Fetch-Mode", mode));
            headers.push(Header::new("Sec-Fetch-Dest", destination));
        }
        if self.is_navigation {
            headers.push(Header::new(
                "Accept",
                "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            ));
        }
        headers
    }
}
