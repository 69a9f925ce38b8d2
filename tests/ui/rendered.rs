//! Messages without what changes when other code changes: paths of this machine, versions, and the line numbers of files
//! other than the case.

/// The folder of the cases.
const CASES: &str = "tests/ui/";

/// How the paragraphs begin in which rustc sums up.
const SUMMARIES: [&str; 3] =
    ["error: aborting due to", "Some errors have detailed", "For more information about"];

/// The notes of rustc about the files with the names of long types.
const NOTES_ABOUT_FILES: [&str; 2] =
    ["= note: the full name for the type has been written", "= note: consider using `--verbose`"];

/// Returns the messages in the output of rustc, which has a paragraph for each error.
pub(crate) fn messages(output: &[u8]) -> Vec<u8> {
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
    /// A line of source, or a note.
    Numbered { number: &'a str, rest: &'a str },
    /// Where the source is: the arrow, and the file.
    Location { arrow: &'a str, file: String },
    /// Lines of source that are not shown.
    Omitted { rest: &'a str },
    /// How many more items a list has.
    AndOthers { indent: &'a str },
    /// A heading, or a part of a note, which the column does not indent.
    Text(&'a str),
}

fn push_paragraph(text: &mut String, paragraph: &str) {
    let Some(width) = paragraph.lines().find_map(width_of_numbers) else {
        text.push_str(paragraph);
        return;
    };
    let mut is_foreign = false;
    let lines: Vec<_> = paragraph.lines().filter_map(|line| parse(line, width, &mut is_foreign)).collect();
    let width = lines.iter().map(Line::width).max().unwrap_or_default();
    for line in lines {
        let line = match line {
            Line::Numbered { number, rest } => format!("{number:width$}{rest}"),
            Line::Location { arrow, file } => format!("{:width$}{arrow}{file}", ""),
            Line::Omitted { rest } => format!("...{:width$}{rest}", ""),
            Line::AndOthers { indent } => format!("{indent}and $N others"),
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

fn parse<'a>(line: &'a str, width: usize, is_foreign: &mut bool) -> Option<Line<'a>> {
    let content = line.trim_start();
    let indent = &line[..line.len() - content.len()];
    if NOTES_ABOUT_FILES.iter().any(|note| content.starts_with(note)) {
        return None;
    }
    if content.starts_with("and ") && content.ends_with(" others") {
        return Some(Line::AndOthers { indent });
    }
    if let Some(rest) = line.strip_prefix("...").map(str::trim_start).filter(|rest| rest.starts_with('|')) {
        return Some(Line::Omitted { rest });
    }
    let Some((number, rest)) = line.split_at_checked(width) else { return Some(Line::Text(line)) };
    if let Some((arrow, location)) =
        rest.split_at_checked(4).filter(|(arrow, _)| ["--> ", "::: "].contains(arrow))
    {
        *is_foreign = !location.starts_with(CASES);
        return Some(Line::Location { arrow, file: file(location) });
    }
    let number = number.trim();
    if number.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Line::Numbered { number: if *is_foreign { "" } else { number }, rest });
    }
    Some(Line::Text(line))
}

/// A file as in the messages. Only a place in a case has a line and a column.
fn file(location: &str) -> String {
    if let Some(case) = location.strip_prefix(CASES) {
        return case.to_owned();
    }
    let path = location.split(':').next().unwrap_or(location);
    if let Some((_, package)) = path.split_once("/registry/src/").and_then(|(_, path)| path.split_once('/')) {
        let (package, file) = package.split_once('/').unwrap_or((package, ""));
        let name = package.rsplit_once('-').map_or(package, |(name, _version)| name);
        return format!("$CARGO/{name}-$VERSION/{file}");
    }
    match path.split_once("/library/") {
        Some((_, file)) => format!("$RUST/{file}"),
        None => format!("$WORKSPACE/{path}"),
    }
}

impl Line<'_> {
    fn width(&self) -> usize {
        match self {
            Self::Numbered { number, .. } => number.len().max(1),
            Self::Location { .. } | Self::Omitted { .. } | Self::AndOthers { .. } | Self::Text(_) => 1,
        }
    }
}
