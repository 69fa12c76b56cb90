//! The registries that Amazon ECR can cache, the hosts they are written with, and Docker's official images.
//!
//! Facts: the `UpstreamRegistry` enumeration and its prose in the ECR API model, and the ECR user guide on
//! pull-through cache rules; the names of official images are those of `docker-library/official-images`.

use std::fmt;

/// A registry that a cache rule can name as its upstream.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Upstream {
    /// Amazon ECR Public, `public.ecr.aws`. Carries Docker's official images as `docker/library/<name>`.
    EcrPublic,
    /// Docker Hub, `registry-1.docker.io`.
    DockerHub,
    /// Quay, `quay.io`.
    Quay,
    /// The Kubernetes registry, `registry.k8s.io`.
    Kubernetes,
    /// The GitHub container registry, `ghcr.io`.
    GitHub,
    /// The container registry of GitLab.com, `registry.gitlab.com`.
    GitLab,
    /// Chainguard, `cgr.dev`.
    Chainguard,
    /// One Azure container registry: its host, `<name>.azurecr.io`.
    Azure(String),
    /// The private ECR registry of another account or region: its host.
    Ecr(String),
}

/// What is known of an upstream.
struct Row {
    upstream: Upstream,
    /// In references, and in rules.
    host: &'static str,
    /// In the API.
    name: &'static str,
    /// Whether a secret is required.
    credentials: bool,
    /// The prefix that the console of ECR proposes.
    prefix: &'static str,
}

const fn row(
    upstream: Upstream,
    host: &'static str,
    name: &'static str,
    credentials: bool,
    prefix: &'static str,
) -> Row {
    Row { upstream, host, name, credentials, prefix }
}

/// Each upstream but Azure's, of which there is one for each registry.
static TABLE: [Row; 7] = [
    row(Upstream::EcrPublic, "public.ecr.aws", "ecr-public", false, "ecr-public"),
    row(Upstream::DockerHub, "registry-1.docker.io", "docker-hub", true, "docker-hub"),
    row(Upstream::Quay, "quay.io", "quay", false, "quay"),
    row(Upstream::Kubernetes, "registry.k8s.io", "k8s", false, "kubernetes"),
    row(Upstream::GitHub, "ghcr.io", "github-container-registry", true, "github"),
    row(Upstream::GitLab, "registry.gitlab.com", "gitlab-container-registry", true, "gitlab"),
    row(Upstream::Chainguard, "cgr.dev", "chainguard", true, "chainguard"),
];

/// Other hosts that people write for an upstream.
const ALIASES: [(&str, Upstream); 5] = [
    ("docker.io", Upstream::DockerHub),
    ("index.docker.io", Upstream::DockerHub),
    ("registry.hub.docker.com", Upstream::DockerHub),
    ("ecr-public.aws.com", Upstream::EcrPublic),
    // Redirects to its successor since 2023, and is frozen since.
    ("k8s.gcr.io", Upstream::Kubernetes),
];

const AZURE_SUFFIX: &str = ".azurecr.io";

impl Upstream {
    /// The upstream behind a registry's host; hosts compare without case.
    pub fn of_host(host: &str) -> Option<Self> {
        let host = host.to_ascii_lowercase();
        if let Some(name) = host.strip_suffix(AZURE_SUFFIX) {
            let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
            return is_name.then_some(Upstream::Azure(host));
        }
        let canonical = TABLE.iter().find(|row| row.host == host).map(|row| &row.upstream);
        canonical.or_else(|| ALIASES.iter().find(|row| row.0 == host).map(|row| &row.1)).cloned()
    }

    /// The upstream that a configuration names: by a host or by its name in the API (`quay.io`, `quay`, `docker-hub`).
    pub fn named(name: &str) -> Option<Self> {
        Self::of_host(name).or_else(|| TABLE.iter().find(|row| row.name == name).map(|row| row.upstream.clone()))
    }

    /// What `upstreamRegistryUrl` of a cache rule is.
    pub fn url(&self) -> &str {
        match self {
            Upstream::Azure(host) | Upstream::Ecr(host) => host,
            _ => self.row().host,
        }
    }

    /// What `upstreamRegistry` of a cache rule is.
    pub fn api_name(&self) -> &'static str {
        match self {
            Upstream::Azure(_) => "azure-container-registry",
            Upstream::Ecr(_) => "ecr",
            _ => self.row().name,
        }
    }

    /// Whether a cache rule for it has to name a secret with user and access token, even for public images.
    pub fn needs_credentials(&self) -> bool {
        match self {
            Upstream::Azure(_) => true,
            Upstream::Ecr(_) => false,
            _ => self.row().credentials,
        }
    }

    /// What stands in the host of a reference to any upstream: whole hosts, and the end of Azure's.
    pub fn hosts() -> impl Iterator<Item = &'static str> {
        let own = TABLE.iter().map(|row| row.host);
        own.chain(ALIASES.iter().map(|row| row.0)).chain([AZURE_SUFFIX])
    }

    /// Each upstream that there is one of, with the prefix that the console of ECR proposes for it.
    pub fn with_default_prefixes() -> impl Iterator<Item = (Self, &'static str)> {
        TABLE.iter().map(|row| (row.upstream.clone(), row.prefix))
    }

    fn row(&self) -> &'static Row {
        TABLE.iter().find(|row| row.upstream == *self).unwrap_or(&TABLE[0])
    }
}

impl fmt::Display for Upstream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.url())
    }
}

/// What is known of a name of one component on Docker Hub.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Official {
    /// On today's list of official images.
    Listed,
    /// Once on the list; Docker Hub still serves it as `library/<name>`, ECR Public may not.
    Removed,
    /// Listed, and known to be missing on ECR Public.
    NotOnEcrPublic,
    /// Never on the list: most often an image that somebody builds locally.
    Unknown,
}

/// The names of official images that ECR Public is taken to carry, sorted.
pub(crate) fn on_ecr_public() -> impl Iterator<Item = &'static str> {
    LISTED.into_iter().filter(|name| official(name) == Official::Listed)
}

/// The names of official images that Docker Hub serves, sorted.
pub(crate) fn on_docker_hub() -> Vec<&'static str> {
    let mut names = [&LISTED[..], &REMOVED[..]].concat();
    names.sort_unstable();
    names
}

/// Looks an official image up: `nginx`, not `library/nginx`.
pub fn official(name: &str) -> Official {
    if name == "azul-zulu" {
        Official::NotOnEcrPublic
    } else if LISTED.binary_search(&name).is_ok() {
        Official::Listed
    } else if REMOVED.binary_search(&name).is_ok() {
        Official::Removed
    } else {
        Official::Unknown
    }
}

/// `library/` of docker-library/official-images at 37079fb3 (2026-08-21), sorted.
#[rustfmt::skip]
const LISTED: [&str; 144] = [
    "adminer", "aerospike", "almalinux", "alpine", "alt", "amazoncorretto", "amazonlinux", "api-firewall",
    "arangodb", "archlinux", "azul-zulu", "backdrop", "bash", "bonita", "buildpack-deps", "busybox", "caddy",
    "cassandra", "chronograf", "cirros", "clearlinux", "clefos", "clickhouse", "clojure", "composer",
    "convertigo", "couchbase", "couchdb", "crate", "dart", "debian", "docker", "drupal", "eclipse-mosquitto",
    "eclipse-temurin", "eggdrop", "elasticsearch", "elixir", "emqx", "erlang", "espocrm", "fedora", "flink",
    "fluentd", "friendica", "gazebo", "gcc", "geonetwork", "ghost", "golang", "gradle", "groovy", "haproxy",
    "haskell", "haxe", "hello-world", "hitch", "httpd", "hylang", "ibm-semeru-runtimes", "ibmjava", "influxdb",
    "irssi", "jetty", "joomla", "jruby", "julia", "kapacitor", "kibana", "kong", "krakend", "lightstreamer",
    "liquibase", "logstash", "mageia", "mariadb", "matomo", "maven", "mediawiki", "memcached", "mongo",
    "mongo-express", "monica", "mysql", "nats", "neo4j", "neurodebian", "nextcloud", "nginx", "nim", "node",
    "notary", "odoo", "open-liberty", "openjdk", "oraclelinux", "orientdb", "percona", "perl", "photon", "php",
    "php-zendserver", "phpmyadmin", "plone", "postfixadmin", "postgres", "pypy", "python", "r-base", "rabbitmq",
    "rakudo-star", "redis", "redmine", "registry", "rethinkdb", "rocket.chat", "rockylinux", "ros", "ruby",
    "rust", "sapmachine", "satosa", "silverpeas", "solr", "sonarqube", "spark", "spiped", "storm", "swift",
    "swipl", "teamspeak", "telegraf", "tomcat", "tomee", "traefik", "ubuntu", "unit", "varnish",
    "websphere-liberty", "wordpress", "xwiki", "yourls", "znc", "zookeeper",
];

/// No longer on the list, still served by Docker Hub, sorted.
#[rustfmt::skip]
const REMOVED: [&str; 38] = [
    "adoptopenjdk", "celery", "centos", "consul", "couchdb-nouveau", "crux", "django", "docker-dev", "euleros",
    "express-gateway", "fsharp", "glassfish", "hello-seattle", "hipache", "hola-mundo", "iojs", "java",
    "jenkins", "jobber", "kaazing-gateway", "known", "mono", "mosquitto", "nats-streaming", "nuxeo", "opensuse",
    "owncloud", "piwik", "rails", "rapidoid", "sentry", "sl", "sourcemage", "swarm", "thrift",
    "ubuntu-debootstrap", "ubuntu-upstart", "vault",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted_and_disjoint() {
        assert!(LISTED.is_sorted() && REMOVED.is_sorted());
        assert!(REMOVED.iter().all(|name| LISTED.binary_search(name).is_err()));
    }

    #[test]
    fn hosts_and_names() {
        assert_eq!(Upstream::of_host("Index.Docker.io"), Some(Upstream::DockerHub));
        assert_eq!(Upstream::of_host("acme.azurecr.io"), Some(Upstream::Azure("acme.azurecr.io".into())));
        assert_eq!(Upstream::of_host("$(id).azurecr.io"), None);
        assert_eq!(Upstream::of_host("k8s.gcr.io"), Some(Upstream::Kubernetes));
        assert_eq!(Upstream::of_host("my-public.ecr.aws"), None);
        assert_eq!(Upstream::of_host("public.ecr.aws.example.com"), None);
        assert_eq!(Upstream::named("k8s"), Some(Upstream::Kubernetes));
        assert_eq!(Upstream::named("k8s").map(|upstream| upstream.url().to_owned()), Some("registry.k8s.io".into()));
        for row in &TABLE {
            assert_eq!(Upstream::of_host(row.upstream.url()).as_ref(), Some(&row.upstream));
        }
    }
}
