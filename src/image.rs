//! Image references as people write them: `nginx`, `quay.io/a/b:1`, `x@sha256:…`.
//!
//! Parsing is lossless: each part is a range of the text, and nothing is added (no `latest`, no `library/`).
//! Whether a reference *should* change is [`policy`](crate::policy)'s business.

use std::fmt;
use std::ops::Range;

/// The longest repository name that registries take, in bytes (distribution's `RepositoryNameTotalLengthMax`).
const NAME_MAX: usize = 255;
/// The longest tag, in bytes.
const TAG_MAX: usize = 128;

/// A reference to an image, cut into its parts.
///
/// ```
/// use ecrewrite::ImageRef;
///
/// let image = ImageRef::parse("public.ecr.aws/nginx/nginx:1.27")?;
/// assert_eq!(image.registry(), Some("public.ecr.aws"));
/// assert_eq!(image.repository(), "nginx/nginx");
/// assert_eq!(image.tag(), Some("1.27"));
/// assert_eq!(image.to_string(), "public.ecr.aws/nginx/nginx:1.27");
/// # Ok::<(), ecrewrite::ImageRefError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ImageRef {
    text: String,
    registry: Option<usize>,
    name_end: usize,
    tag: Option<Range<usize>>,
    digest: Option<Range<usize>>,
}

impl ImageRef {
    /// Reads a reference by the grammar of the `distribution` project, as Docker, containerd and ECS do.
    ///
    /// # Errors
    ///
    /// [`ImageRefError`] says which part is not as the grammar wants it.
    pub fn parse(text: &str) -> Result<Self, ImageRefError> {
        Self::parse_with_holes(text, &[])
    }

    /// Reads a reference some ranges of which are not known yet: `nginx:${var.tag}`.
    ///
    /// Registry and repository have to be literal; what follows them may hold holes and is kept as it stands.
    ///
    /// # Errors
    ///
    /// [`ImageRefError::HoleInName`] if a hole reaches into registry or repository, or may.
    pub fn parse_with_holes(text: &str, holes: &[Range<usize>]) -> Result<Self, ImageRefError> {
        if text.is_empty() {
            return Err(ImageRefError::Empty);
        }
        let known = holes.iter().map(|hole| hole.start).min().unwrap_or(text.len());
        let name_end = name_end(&text[..known]);
        if known < text.len() && (name_end == known || tail_has_slash(text, name_end, holes)) {
            return Err(ImageRefError::HoleInName);
        }
        let name = &text[..name_end];
        let registry = registry_len(name);
        check_name(name, registry)?;
        let tail = &text[name_end..];
        check_tail(tail, name_end, holes)?;
        let at = tail.find('@').filter(|at| name_end + at < known || !in_hole(name_end + at, holes));
        let tag = tail.starts_with(':').then(|| name_end + 1..name_end + at.unwrap_or(tail.len()));
        let digest = at.map(|at| name_end + at + 1..text.len());
        let is_known = |part: &Range<usize>| !holes.iter().any(|hole| hole.start < part.end && part.start < hole.end);
        if let Some(tag) = tag.clone().filter(is_known) {
            check_tag(&text[tag])?;
        }
        if let Some(digest) = digest.clone().filter(is_known) {
            check_digest(&text[digest])?;
        }
        Ok(ImageRef { text: text.to_owned(), registry, name_end, tag, digest })
    }

    /// The reference as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The registry's host, with its port, if one is written.
    pub fn registry(&self) -> Option<&str> {
        self.registry.map(|end| &self.text[..end])
    }

    /// The path of the repository within its registry, as written: `nginx`, `library/nginx`, `a/b/c`.
    pub fn repository(&self) -> &str {
        &self.text[self.repository_range()]
    }

    /// Where the repository stands in the text.
    pub fn repository_range(&self) -> Range<usize> {
        self.registry.map_or(0, |end| end + 1)..self.name_end
    }

    /// Registry and repository as written, without tag and digest.
    pub fn name(&self) -> &str {
        &self.text[..self.name_end]
    }

    /// The tag, if one is written. It may hold a hole.
    pub fn tag(&self) -> Option<&str> {
        self.tag.clone().map(|tag| &self.text[tag])
    }

    /// The digest with its algorithm, if one is written. It may hold a hole.
    pub fn digest(&self) -> Option<&str> {
        self.digest.clone().map(|digest| &self.text[digest])
    }

    /// What follows the name, byte for byte: `:1.27`, `@sha256:…`, or nothing.
    pub fn tail(&self) -> &str {
        &self.text[self.name_end..]
    }
}

impl fmt::Display for ImageRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::str::FromStr for ImageRef {
    type Err = ImageRefError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

/// The same reference in the types of the OCI distribution specification.
///
/// Those normalise: a missing registry becomes `docker.io`, a missing tag `latest`.
#[cfg(feature = "oci-spec")]
impl TryFrom<&ImageRef> for oci_spec::distribution::Reference {
    type Error = oci_spec::distribution::ParseError;

    fn try_from(image: &ImageRef) -> Result<Self, Self::Error> {
        image.as_str().parse()
    }
}

/// Why a text is not an image reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ImageRefError {
    /// There is no text.
    Empty,
    /// The part before the first `/` is meant as a registry and is no host.
    Host,
    /// A component of the path is not lower-case letters and digits with single separators between them.
    Path,
    /// The name is longer than 255 bytes.
    TooLong,
    /// A name of 64 hexadecimal digits is an image's identifier, not a name.
    Identifier,
    /// The tag is empty, longer than 128 bytes, or holds a character that tags do not have.
    Tag,
    /// The digest is not `algorithm:hex` of the algorithm's length.
    Digest,
    /// A variable reaches into registry or repository.
    HoleInName,
}

impl fmt::Display for ImageRefError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ImageRefError::Empty => "the text is empty",
            ImageRefError::Host => "the part before the first `/` is not a host",
            ImageRefError::Path => "a path component is not lower-case letters and digits with separators between them",
            ImageRefError::TooLong => "the name is longer than 255 bytes",
            ImageRefError::Identifier => "64 hexadecimal digits are an image's identifier, not a name",
            ImageRefError::Tag => "the tag is not one: 1 to 128 letters, digits, `_`, `.`, `-`",
            ImageRefError::Digest => "the digest is not `algorithm:hex`",
            ImageRefError::HoleInName => "a variable reaches into registry or repository",
        })
    }
}

impl std::error::Error for ImageRefError {}

/// Where registry and repository end: at the first `@`, or at the first `:` after the last `/` before it.
fn name_end(text: &str) -> usize {
    let before_digest = text.find('@').unwrap_or(text.len());
    let component = text[..before_digest].rfind('/').map_or(0, |slash| slash + 1);
    text[component..before_digest].find(':').map_or(before_digest, |colon| component + colon)
}

fn in_hole(at: usize, holes: &[Range<usize>]) -> bool {
    holes.iter().any(|hole| hole.contains(&at))
}

/// `host:${port}/path`: what looked like a tag was a port.
fn tail_has_slash(text: &str, name_end: usize, holes: &[Range<usize>]) -> bool {
    text[name_end..].bytes().enumerate().any(|(at, byte)| byte == b'/' && !in_hole(name_end + at, holes))
}

/// Around its holes, a tail is still one tag and one digest: no second reference, no sentence.
fn check_tail(tail: &str, start: usize, holes: &[Range<usize>]) -> Result<(), ImageRefError> {
    let literal = || tail.bytes().enumerate().filter(|(at, _)| !in_hole(start + at, holes)).map(|(_, byte)| byte);
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-:@".contains(&byte);
    let colons = literal().take_while(|byte| *byte != b'@').filter(|byte| *byte == b':').count();
    if literal().all(is_part) && colons <= 1 { Ok(()) } else { Err(ImageRefError::Tag) }
}

/// The rule of `distribution`: the first component is a host if it could not be a path component of Docker Hub.
fn registry_len(name: &str) -> Option<usize> {
    let slash = name.find('/')?;
    let first = &name[..slash];
    let is_host = first == "localhost"
        || first.bytes().any(|byte| matches!(byte, b'.' | b':' | b'[') || byte.is_ascii_uppercase());
    is_host.then_some(slash)
}

fn check_name(name: &str, registry: Option<usize>) -> Result<(), ImageRefError> {
    if let Some(end) = registry {
        check_host(&name[..end])?;
    }
    let path = &name[registry.map_or(0, |end| end + 1)..];
    if !path.split('/').all(is_path_component) {
        return Err(ImageRefError::Path);
    }
    if registry.is_none() && name.len() == 64 && name.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
        return Err(ImageRefError::Identifier);
    }
    let implied = if registry.is_none() && !path.contains('/') { "library/".len() } else { 0 };
    if path.len() + implied > NAME_MAX {
        return Err(ImageRefError::TooLong);
    }
    Ok(())
}

fn check_host(host: &str) -> Result<(), ImageRefError> {
    let (host, port) = if let Some(rest) = host.strip_prefix('[') {
        let (address, after) = rest.split_once(']').ok_or(ImageRefError::Host)?;
        if address.is_empty() || !address.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b':') {
            return Err(ImageRefError::Host);
        }
        return match after.strip_prefix(':') {
            Some(port) if is_port(port) => Ok(()),
            None if after.is_empty() => Ok(()),
            _ => Err(ImageRefError::Host),
        };
    } else {
        host.split_once(':').map_or((host, None), |(host, port)| (host, Some(port)))
    };
    let is_label = |label: &str| {
        !label.is_empty()
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    if host.split('.').all(is_label) && port.is_none_or(is_port) { Ok(()) } else { Err(ImageRefError::Host) }
}

fn is_port(port: &str) -> bool {
    !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit())
}

/// `[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*`
fn is_path_component(component: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = component.as_bytes();
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else { return false };
    is_word(*first)
        && is_word(*last)
        && bytes
            .split(|byte| is_word(*byte))
            .all(|between| matches!(between, b"" | b"." | b"_" | b"__") || between.iter().all(|byte| *byte == b'-'))
}

fn check_tag(tag: &str) -> Result<(), ImageRefError> {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let valid = tag.len() <= TAG_MAX
        && tag.bytes().next().is_some_and(is_word)
        && tag.bytes().all(|byte| is_word(byte) || matches!(byte, b'.' | b'-'));
    if valid { Ok(()) } else { Err(ImageRefError::Tag) }
}

fn check_digest(digest: &str) -> Result<(), ImageRefError> {
    let (algorithm, hex) = digest.split_once(':').ok_or(ImageRefError::Digest)?;
    let length = match algorithm {
        "sha256" => 64,
        "sha384" => 96,
        "sha512" => 128,
        _ => return Err(ImageRefError::Digest),
    };
    let valid = hex.len() == length && hex.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if valid { Ok(()) } else { Err(ImageRefError::Digest) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> (Option<String>, String, Option<String>, Option<String>) {
        let image = ImageRef::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(image.to_string(), text);
        let own = |part: Option<&str>| part.map(str::to_owned);
        (own(image.registry()), image.repository().to_owned(), own(image.tag()), own(image.digest()))
    }

    #[test]
    fn parts_of_references() {
        let digest = format!("sha256:{}", "0a".repeat(32));
        type Row = (&'static str, Option<&'static str>, &'static str, Option<&'static str>, bool);
        let rows: &[Row] = &[
            ("nginx", None, "nginx", None, false),
            ("nginx:1.27.0", None, "nginx", Some("1.27.0"), false),
            ("library/nginx", None, "library/nginx", None, false),
            ("docker.io/nginx", Some("docker.io"), "nginx", None, false),
            ("localhost/x", Some("localhost"), "x", None, false),
            ("localhost:5000/a/b:c", Some("localhost:5000"), "a/b", Some("c"), false),
            ("a:1/c", Some("a:1"), "c", None, false),
            ("x:5000", None, "x", Some("5000"), false),
            ("[::1]:5000/x", Some("[::1]:5000"), "x", None, false),
            ("Foo/bar", Some("Foo"), "bar", None, false),
            ("a__b/c--d/e.f", None, "a__b/c--d/e.f", None, false),
            ("nginx@{digest}", None, "nginx", None, true),
            ("nginx:1@{digest}", None, "nginx", Some("1"), true),
        ];
        for (text, registry, repository, tag, has_digest) in rows {
            let text = text.replace("{digest}", &digest);
            let own = |part: &Option<&str>| part.map(str::to_owned);
            let expected = (own(registry), (*repository).to_owned(), own(tag), has_digest.then(|| digest.clone()));
            assert_eq!(parts(&text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_reference() {
        let rows = [
            ("", ImageRefError::Empty),
            ("Nginx", ImageRefError::Path),
            ("nginx:", ImageRefError::Tag),
            ("nginx:1:2", ImageRefError::Tag),
            ("nginx:тег", ImageRefError::Tag),
            ("nginx:-x", ImageRefError::Tag),
            ("nginx@sha256:abc", ImageRefError::Digest),
            ("nginx:@sha256:abc", ImageRefError::Tag),
            ("a//b", ImageRefError::Path),
            ("/a", ImageRefError::Path),
            ("a/", ImageRefError::Path),
            ("a_/b", ImageRefError::Path),
            ("a___b", ImageRefError::Path),
            ("-a.b/c", ImageRefError::Host),
            ("a.b:x/c", ImageRefError::Host),
            ("nginx 1", ImageRefError::Path),
            ("<REPLACE_ME>", ImageRefError::Path),
        ];
        for (text, error) in rows {
            assert_eq!(ImageRef::parse(text), Err(error), "{text}");
        }
        assert_eq!(ImageRef::parse(&"0a".repeat(32)), Err(ImageRefError::Identifier));
        assert_eq!(ImageRef::parse(&"a".repeat(248)), Err(ImageRefError::TooLong));
        assert!(ImageRef::parse(&"a".repeat(247)).is_ok());
        assert_eq!(ImageRef::parse(&format!("a:{}", "1".repeat(129))), Err(ImageRefError::Tag));
    }

    #[test]
    fn holes_may_stand_after_the_name_only() {
        let parse = |text: &str| {
            let holes: Vec<_> = text.match_indices('{').map(|(at, _)| at..at + 3).collect();
            ImageRef::parse_with_holes(text, &holes)
        };
        assert_eq!(parse("nginx:{x}").unwrap().name(), "nginx");
        assert_eq!(parse("a.b/nginx:1.{x}-alpine").unwrap().tag(), Some("1.{x}-alpine"));
        assert_eq!(parse("nginx@{x}").unwrap().digest(), Some("{x}"));
        assert_eq!(parse("nginx:{x}@{x}").unwrap().tag(), Some("{x}"));
        for text in ["nginx:{x},redis:{x}", "nginx:{x} is old", "nginx:{x}nginx:2", "nginx:{x}/"] {
            assert!(parse(text).is_err(), "{text}");
        }
        for text in ["{x}", "{x}/nginx", "nginx{x}:1", "a.b/{x}/c:1", "a.b:{x}/c", "{x}nginx:1"] {
            assert_eq!(parse(text), Err(ImageRefError::HoleInName), "{text}");
        }
    }
}
