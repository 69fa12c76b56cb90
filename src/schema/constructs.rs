//! What functions and constructs of the CDK take, by their names: where an image stands, and what is beside it.

use super::claim::Claim;
use super::places::{CLOUDFORMATION, CODE_BUILD, LIGHTSAIL, Place, SAGE_MAKER};
use super::text::same_key;
use super::{Caution, SiteKind, ecs};
use crate::reason::Reason;
use crate::source::Span;
use crate::syntax::{Hole, HoleKind, Kind, Node, Placement, Scalar};

/// What the names of functions end with, in small letters, that take a container with an image as text.
const MAKE_CONTAINERS: [&str; 5] =
    ["containerargs", "containerprops", "containerdefinitionargs", "addinitcontainer", "containeroptions"];

/// What the classes of images are called, or end with.
const IMAGES: [&str; 6] = ["ContainerImage", "BuildImage", "DockerImage", "AssetImage", "RepositoryImage", "EcrImage"];

/// A name in small letters, without what is between its words.
pub(super) fn letters(name: &str) -> String {
    name.chars().filter(|c| c.is_ascii_alphanumeric()).map(|c| c.to_ascii_lowercase()).collect()
}

/// What is known of the image of a container that a function makes, and the key of it among its properties.
///
/// `has_docker` says that the program imports the provider of Docker, whose names may stand alone then.
pub(super) fn container_of(function: &str, has_docker: bool) -> Option<(&'static str, Claim)> {
    let all = letters(function);
    let is_docker = all.contains("docker") || has_docker && !function.contains('.');
    let last = letters(function.rsplit(['.', '_']).next().unwrap_or(function));
    let claim = Claim::certain(SiteKind::Cdk);
    // The provider of Docker pulls on the machine at hand, with a login of its own.
    let here = claim.with_caution(Some(Caution::never(Reason::NeedsLogin)));
    let is_of_name =
        ["container", "addcontainer", "attachcontainer", "newcontainer", "v1container"].contains(&last.as_str());
    match () {
        () if all.ends_with("remoteimage") || all.ends_with("remoteimageargs") => Some(("name", here)),
        () if !is_of_name && !MAKE_CONTAINERS.iter().any(|end| all.ends_with(end)) => None,
        () if is_docker => Some(("image", here)),
        () => Some(("image", claim)),
    }
}

/// Whether a name is that of a function that takes an image as text.
pub(super) fn takes_image(function: &str) -> bool {
    let last = letters(function.rsplit('.').next().unwrap_or(function));
    last.ends_with("fromregistry") || last.ends_with("fromdockerregistry")
}

/// Whether a text is the name of such a function, and nothing else.
pub(super) fn is_function(text: &str) -> bool {
    ["fromRegistry", "from_registry", "fromDockerRegistry", "from_docker_registry"].contains(&text)
}

/// Whether a function is named like one that installs a chart of Helm, as its modules name it.
pub(super) fn may_be_chart(function: &str) -> bool {
    let last = letters(function.rsplit(['.', '_']).next().unwrap_or(function));
    ["release", "chart", "releaseargs", "chartargs", "chartopts"].contains(&last.as_str())
}

/// Whether a function adds to a list of containers: `containers.push(…)`.
pub(super) fn adds_containers(function: &str) -> bool {
    let (list, method) = function.rsplit_once('.').unwrap_or_default();
    let list = letters(list.rsplit('.').next().unwrap_or(list));
    (list.ends_with("containers") || list.ends_with("containerdefinitions"))
        && ["push", "unshift", "append", "insert", "extend", "add", "concat"].contains(&method)
}

/// Whether a function is one of a function that takes an image: `ContainerImage.fromRegistry.bind(…)`.
pub(super) fn hands_on(function: &str) -> bool {
    let of = function.rsplit_once('.').filter(|(_, last)| ["bind", "call", "apply"].contains(last));
    of.is_some_and(|(of, _)| takes_image(of))
}

/// Whether a function makes the object of an image, whose text, if it has one, is seen there.
pub(super) fn gives_image(function: &str) -> bool {
    function.split(['.', '_']).any(|part| {
        // A function of one's own has a small letter first.
        let name = part.strip_prefix("New").unwrap_or(part);
        let is_class = name.starts_with(|c: char| c.is_ascii_uppercase());
        is_class && IMAGES.iter().any(|end| name.ends_with(end))
    })
}

/// Whether a function of a test says what a template should have.
pub(super) fn asserts(function: &str) -> bool {
    let last = letters(function.rsplit('.').next().unwrap_or(function));
    ["hasresource", "resourceproperties", "allresources", "findresources", "templatematches"]
        .iter()
        .any(|word| last.contains(word))
}

/// What keeps the images in what a function of a module makes: a service or a cloud that does not pull through the cache.
pub(super) fn elsewhere(function: &str) -> Option<Caution> {
    let (module, _) = function.rsplit_once('.')?;
    match () {
        () if says(module, &["lightsail"]) => LIGHTSAIL.caution(),
        () if says(module, &["sagemaker"]) => SAGE_MAKER.caution(),
        () if says(module, &CLOUDS) => Some(Caution::never(Reason::NoPullThrough)),
        () => None,
    }
}

/// Whether the path of a module, or of something in it, has one of these words.
fn says(path: &str, words: &[&str]) -> bool {
    let parts = path.split(|c: char| !c.is_ascii_alphanumeric());
    parts.map(str::to_ascii_lowercase).any(|part| words.contains(&part.as_str()))
}

/// Words by which modules of other clouds are known.
const CLOUDS: [&str; 5] = ["azure", "azurerm", "gcp", "google", "digitalocean"];

/// Words by which the modules are known that tests import.
const TESTS: [&str; 8] = ["assertions", "jest", "vitest", "chai", "pytest", "unittest", "testing", "junit"];

/// What is told of images in tests, and in programs for more than one cloud.
const TEST: &str = "a test: what it makes is not deployed, and what it asserts changes with what it tests";
const OTHER_CLOUD: &str = "this program is for another cloud too, which does not pull through the cache";

/// What keeps all images of a program, for what it imports or is.
pub(super) fn of_program(said: &Node<'_>) -> Option<Caution> {
    let note = match () {
        () if imports(said, &TESTS) || is_test(said) => TEST,
        () if imports(said, &CLOUDS) => OTHER_CLOUD,
        () => return None,
    };
    Some(Caution { note: Some(note), ..Caution::on_request(Reason::UnknownPlace) })
}

/// Whether a program has a test in it.
fn is_test(said: &Node<'_>) -> bool {
    let is_one = match &said.kind {
        Kind::Call(call) if call.name == "{" => {
            matches!(call.arguments.first(), Some(Node { kind: Kind::Reference(name), .. }) if name.starts_with("test_"))
        }
        Kind::Call(call) => matches!(call.name.as_str(), "describe" | "expect"),
        _ => false,
    };
    is_one || said.children().into_iter().any(is_test)
}

/// Whether a program imports a module with one of these words in its name, which is not one of its own.
pub(super) fn imports(said: &Node<'_>, words: &[&str]) -> bool {
    let is_import = match &said.kind {
        Kind::Call(call) if call.name == "import" => {
            let is_meant = |module: &str| !module.starts_with('.') && says(module, words);
            call.arguments.iter().any(|one| matches!(one.kind, Kind::Reference(name) if is_meant(name)))
        }
        _ => false,
    };
    is_import || said.children().into_iter().any(|child| imports(child, words))
}

/// Whether a name is the word for nothing, in one of the languages.
pub(super) fn is_nothing(name: &str) -> bool {
    matches!(name, "undefined" | "null" | "None" | "nil")
}

/// What a function of a patch sets where a manifest has an image: `JsonPatch.replace("/spec/containers/0/image", "…")`.
pub(super) fn patched<'n, 'a>(function: &str, arguments: &'n [Node<'a>]) -> Option<&'n Node<'a>> {
    let [path, value, ..] = arguments else { return None };
    let of_patch = letters(function).contains("jsonpatch");
    let is_image = |path: &str| path.ends_with("/image") && path.to_ascii_lowercase().contains("containers/");
    (of_patch && path.text().is_some_and(is_image)).then_some(value)
}

/// The path at which a function sets something else in a construct of CloudFormation, and what it sets:
/// `addPropertyOverride("ContainerDefinitions.0.Image", …)`.
pub(super) fn overridden<'n, 'a>(function: &str, arguments: &'n [Node<'a>]) -> Option<(Vec<&'n str>, &'n Node<'a>)> {
    let letters = letters(function.rsplit('.').next().unwrap_or(function));
    let [path, value] = arguments else { return None };
    let path = match letters.as_str() {
        "addpropertyoverride" => path.text()?,
        "addoverride" => path.text()?.strip_prefix("Properties.")?,
        _ => return None,
    };
    let is_index = |key: &str| key.bytes().all(|byte| byte.is_ascii_digit());
    Some((path.split('.').filter(|key| !is_index(key)).collect(), value))
}

/// The ways to images below a path in a construct of CloudFormation whose kind is not known: the strictest of those that
/// have the path holds.
pub(super) fn below_path(path: &[&str]) -> Vec<(Vec<&'static str>, Claim)> {
    let mut found: Vec<(Vec<&str>, Claim)> = Vec::new();
    for place in CLOUDFORMATION {
        let keys: Vec<&str> = place.path.split('.').collect();
        if path.len() > keys.len() || !path.iter().zip(&keys).all(|(one, other)| same_key(one, other)) {
            continue;
        }
        let rest = keys[path.len()..].to_vec();
        let claim = Claim { limit: place.service.limit(), ..Claim::certain(SiteKind::Cdk) };
        match found.iter_mut().find(|(known, _)| *known == rest) {
            Some((_, known)) => *known = known.with_caution(place.service.caution()),
            None => found.push((rest, claim.with_caution(place.service.caution()))),
        }
    }
    found
}

/// Whether a function gives a text, of which its first argument is the most: a template in which values are filled in.
pub(super) fn is_of_texts(function: &str) -> bool {
    let letters = letters(function);
    ["interpolate", "stringformat", "outputformat", "sprintf", "fnsub"].iter().any(|end| letters.ends_with(end))
}

/// Whether properties, or an object that is made of them, name credentials.
fn has_credentials(node: &Node<'_>) -> bool {
    match &node.kind {
        Kind::Mapping(entries) => entries.iter().any(|entry| {
            let is_given = !matches!(&entry.value.kind, Kind::Reference(name) if is_nothing(name));
            is_given && letters(&entry.key).contains("credentials")
        }),
        Kind::Call(call) => call.arguments.iter().any(has_credentials),
        _ => false,
    }
}

/// What keeps an image with credentials for its registry beside it.
pub(super) fn beside(container: &Node<'_>) -> Option<Caution> {
    has_credentials(container).then(|| Caution::on_request(Reason::PullCredentials))
}

/// Whether properties are put together elsewhere, so that they may have whatever there is.
fn is_unknown(properties: &Node<'_>) -> bool {
    match &properties.kind {
        Kind::Reference(name) => !is_nothing(name),
        Kind::Mapping(entries) => entries.iter().any(|entry| entry.key.is_empty()),
        _ => false,
    }
}

/// What is known of the image that a function takes first.
pub(super) fn taken_by(function: &str, arguments: &[Node<'_>]) -> Option<Claim> {
    let letters = letters(function);
    let claim = Claim::certain(SiteKind::Cdk);
    let of_task = Claim { limit: Some(ecs::IMAGE_MAX), ..claim };
    let may_have = |argument: &Node<'_>| has_credentials(argument) || is_unknown(argument);
    let has_credentials = arguments.iter().skip(1).any(may_have) || arguments.first().is_some_and(has_credentials);
    let beside = has_credentials.then(|| Caution::on_request(Reason::PullCredentials));
    let ends = |end: &str| letters.ends_with(end);
    let is_made =
        function.rsplit(['.', '_']).next().is_some_and(|last| last.trim_start_matches("New") == "RepositoryImage");
    let claim = if ends("containerimagefromregistry") || is_made {
        of_task.with_caution(beside)
    } else if ends("tasksdockerimagefromregistry") {
        claim.with_caution(SAGE_MAKER.caution())
    } else if ends("dockerimagefromregistry") {
        claim.with_caution(Some(Caution::on_request(Reason::NeedsLogin)))
    } else if ends("buildimagefromdockerregistry") {
        claim.with_caution(CODE_BUILD.caution()).with_caution(beside)
    } else if ends("fromregistry") || ends("fromdockerregistry") {
        claim.with_caution(Some(Caution::never(Reason::UnknownPlace)))
    } else {
        return None;
    };
    Some(claim)
}

/// The image of a repository that is named in the same call: the repository, and the tag or the digest behind it.
pub(super) fn of_repository(function: &str, arguments: &[Node<'_>]) -> Option<(Scalar<'static>, Claim)> {
    let is_image = letters(function).ends_with("containerimagefromecrrepository");
    let Kind::Call(call) = &arguments.first().filter(|_| is_image)?.kind else { return None };
    let [_, _, name] = call.arguments.as_ref() else { return None };
    let is_named = letters(&call.name).ends_with("fromrepositoryname");
    let name = name.scalar().filter(|_| is_named)?;
    let span = Span::new(name.placement().file_span().start, arguments.last()?.span().end);
    let scalar = match arguments.get(1).map(|ending| (ending, ending.scalar())) {
        None => name.clone().into_owned(),
        Some((_, Some(ending))) => {
            let sign = if ending.value().starts_with("sha256:") { "@" } else { ":" };
            Scalar::concat(&[(Some(name), name.value()), (None, sign), (Some(ending), ending.value())], span)
        }
        Some((ending, None)) => {
            let text = match &ending.kind {
                Kind::Reference(name) => format!("${{{name}}}"),
                _ => "${…}".to_owned(),
            };
            let hole = Hole { range: 0..text.len(), kind: HoleKind::Value };
            let ending = Scalar::new(text, vec![hole], Placement::unplaced(ending.span(), None));
            Scalar::concat(&[(Some(name), name.value()), (None, ":"), (Some(&ending), ending.value())], span)
        }
    };
    Some((scalar, Claim { limit: Some(ecs::IMAGE_MAX), ..Claim::certain(SiteKind::Cdk) }))
}

/// The paths of images in a resource of CloudFormation of this type: `AWS::ECS::TaskDefinition`.
pub(super) fn of_resource(kind: &str) -> Vec<(Vec<&'static str>, Claim)> {
    let claim = |place: &Place| Claim { limit: place.service.limit(), ..Claim::certain(SiteKind::Cdk) };
    let places = CLOUDFORMATION.iter().filter(|place| place.resource == kind);
    places.map(|place| (place.path.split('.').collect(), claim(place).with_caution(place.service.caution()))).collect()
}

/// The paths of images in a construct of CloudFormation, or in a part of one: `CfnTaskDefinition`,
/// `CfnTaskDefinition.ContainerDefinitionProperty`.
pub(super) fn of_construct(function: &str) -> Vec<(Vec<&'static str>, Claim)> {
    let mut parts = function.split(['.', '_']).skip_while(|part| !part.trim_start_matches("New").starts_with("Cfn"));
    let Some(construct) = parts.next() else { return Vec::new() };
    let construct = construct.trim_start_matches("New").trim_start_matches("Cfn").trim_end_matches("Props");
    let is_part = parts.next().is_some_and(|part| part.ends_with("Property"));
    let places = CLOUDFORMATION.iter().filter(|place| place.resource.rsplit("::").next() == Some(construct));
    let mut found: Vec<(Vec<&str>, Claim)> = Vec::new();
    for place in places {
        let keys: Vec<&str> = place.path.split('.').collect();
        let keys = if is_part { keys[keys.len() - 1..].to_vec() } else { keys };
        let claim = Claim { limit: place.service.limit(), ..Claim::certain(SiteKind::Cdk) };
        if !is_part || found.is_empty() {
            found.push((keys, claim.with_caution(place.service.caution())));
        }
    }
    found
}
