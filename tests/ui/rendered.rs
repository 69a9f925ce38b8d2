//! Messages without what changes when other code changes: paths of this machine, versions, and the line numbers of files
//! other than the case.

use std::borrow::Cow;

use ui_test::Config;

/// The folder of the cases.
const CASES: &str = "tests/ui/";

/// The filters for single places of a message.
pub(crate) fn filters(config: &mut Config) {
    config.stderr_filter(r"(--> |::: )tests/ui/", "$1");
    config.stderr_filter(r"(--> |::: )jwt-auth", "$1$$WORKSPACE/jwt-auth");
    config.stderr_filter(r"(?:/rustc/[0-9a-f]{40}|/[^ \n]*/rustlib/src/rust)/library/", "$$RUST/");
    config.stderr_filter(r"/[^ \n]*/registry/src/[^/\n]+/([^/\n]+?)-\d[^/\n]*/", "$$CARGO/$1-$$VERSION/");
    config.stderr_filter(r"and \d+ others", "and $$N others");
    config.stderr_filter(
        r"(?m)^ *= note: (?:the full name for the type|consider using `--verbose`)[^\n]*\n",
        "",
    );
}

/// How the paragraphs begin in which rustc sums up.
const SUMMARIES: [&str; 3] =
    ["error: aborting due to", "Some errors have detailed", "For more information about"];

/// Removes the line numbers of other files, and the summary. `output` has a paragraph for each error.
pub(crate) fn without_foreign_lines(output: &[u8]) -> Vec<u8> {
    if output.is_empty() {
        return Vec::new();
    }
    let output = String::from_utf8_lossy(output);
    let mut text = String::new();
    for paragraph in output.split_inclusive("\n\n") {
        if !SUMMARIES.iter().any(|summary| paragraph.starts_with(summary)) {
            push_paragraph(&mut text, paragraph);
        }
    }
    format!("{}\n", text.trim_end()).into_bytes()
}

/// A line of a message. At its left is the column of line numbers.
enum Line<'a> {
    /// A line of source, a location, or a note.
    Numbered { number: &'a str, rest: Cow<'a, str> },
    /// Lines of source that are not shown.
    Omitted { rest: &'a str },
    /// A heading, or a part of a note, which the column does not indent.
    Text(&'a str),
}

fn push_paragraph(text: &mut String, paragraph: &str) {
    let Some(width) = paragraph.lines().find_map(width_of_numbers) else {
        text.push_str(paragraph);
        return;
    };
    let mut is_foreign = false;
    let lines: Vec<_> = paragraph.lines().map(|line| parse(line, width, &mut is_foreign)).collect();
    let width = lines.iter().map(Line::width).max().unwrap_or_default();
    for line in lines {
        let line = match line {
            Line::Numbered { number, rest } => format!("{number:width$}{rest}"),
            Line::Omitted { rest } => format!("...{:width$}{rest}", ""),
            Line::Text(line) => line.to_owned(),
        };
        text.push_str(line.trim_end());
        text.push('\n');
    }
}

/// The width of the column, which an arrow follows.
fn width_of_numbers(line: &str) -> Option<usize> {
    let width = line.find("--> ")?;
    line[..width].trim().is_empty().then_some(width)
}

fn parse<'a>(line: &'a str, width: usize, is_foreign: &mut bool) -> Line<'a> {
    if let Some(rest) = line.strip_prefix("...").map(str::trim_start).filter(|rest| rest.starts_with('|')) {
        return Line::Omitted { rest };
    }
    let Some((number, rest)) = line.split_at_checked(width) else { return Line::Text(line) };
    let number = number.trim();
    if let Some(location) = rest.strip_prefix("--> ").or_else(|| rest.strip_prefix("::: ")) {
        *is_foreign = !location.starts_with(CASES);
        let position = location.find(':').filter(|_| *is_foreign).unwrap_or(location.len());
        return Line::Numbered { number, rest: format!("{}{}", &rest[..4], &location[..position]).into() };
    }
    match number.bytes().all(|byte| byte.is_ascii_digit()) {
        true => Line::Numbered { number: if *is_foreign { "" } else { number }, rest: rest.into() },
        false => Line::Text(line),
    }
}

impl Line<'_> {
    fn width(&self) -> usize {
        match self {
            Self::Numbered { number, .. } => number.len().max(1),
            Self::Omitted { .. } | Self::Text(_) => 1,
        }
    }
}
