//! The error texts that users meet when a pull fails, and what they mean.
//!
//! Facts: the ECR user guide on errors of pull-through caches, and the texts that ECS and containerd print.

/// What an error text means, and what to do; `None` if it is none of those that are known.
pub fn explain(text: &str) -> Option<&'static str> {
    let text = text.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if text.contains("getdownloadurlforlayer") || has(&["failed to push"]) && text.contains(".dkr.ecr.") {
        return Some(
            "The role that builds may not do all that a push does. Builds of several platforms read layers back, so the push \
             needs `ecr:GetDownloadUrlForLayer` too; a build that starts from cached images also pulls through the cache: \
             `ecrewrite emit --section builder` prints its policy.",
        );
    }
    if has(&["toomanyrequests", "rate limit", "429 too many requests"]) {
        return Some(
            "The public registry limits anonymous pulls, and what pulls here has reached that. Rewrite the reference \
             (`ecrewrite rewrite`): ECR then pulls once for all, and for Docker Hub with the user of a secret.",
        );
    }
    let no_way =
        has(&["i/o timeout", "context deadline exceeded", "request canceled", "connection refused", "no such host"]);
    if no_way && has(&["public.ecr.aws", "registry-1.docker.io", "docker.io", "quay.io", "ghcr.io", "registry.k8s.io"])
    {
        return Some(
            "The task has no route to the public registry, and VPC endpoints of ECR do not serve it. Rewrite the reference \
             (`ecrewrite rewrite`), apply the rules and permissions (`ecrewrite emit`), and deploy again.",
        );
    }
    if no_way {
        return Some(
            "The task has no route to ECR. Without a NAT gateway it needs the interface endpoints ecr.api and ecr.dkr with \
             private DNS and a security group that lets 443 in, and the gateway endpoint of S3 on its route tables: \
             `ecrewrite emit --section endpoints`. If only the first pull of an image fails, it may need a route to the \
             internet, because ECR may send it to the upstream's own storage.",
        );
    }
    if has(&["name unknown", "does not exist in the registry", "repositorynotfoundexception"]) {
        return Some(
            "The repository does not exist yet, and the role that pulls may not create it: it lacks `ecr:CreateRepository` \
             on the prefix. Or no cache rule has this prefix, or the account or the region of the reference is another \
             one. `ecrewrite emit --section iam,rules` prints both.",
        );
    }
    if has(&["manifest unknown", "requested image not found", "not found"]) {
        return Some(
            "The name is most likely right. ECR says \"not found\" where the role that pulls lacks \
             `ecr:BatchImportUpstreamImage` or `ecr:CreateRepository` on the prefix, where the image is pinned by a digest that was never pulled by \
             a tag, and where an official image of Docker Hub lacks `library/`. `ecrewrite emit --section iam` prints the \
             policy, `--section warm-up` a script that pulls the tags once.",
        );
    }
    if has(&["403 forbidden", "authentication failed", "unauthorized"]) {
        return Some(
            "ECR could not log in to the upstream, or the path is not there: an official image of Docker Hub needs \
             `library/` before its name, any other must not have it. See that the secret is called \
             ecr-pullthroughcache/…, holds `username` and `accessToken`, lies in the region of the rule, and is encrypted \
             with the default key.",
        );
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_texts_that_users_meet() {
        let rows = [
            (
                "CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref \
                 public.ecr.aws/nginx/nginx:latest: failed to do request: Head \
                 \"https://public.ecr.aws/v2/nginx/nginx/manifests/latest\": dial tcp 192.0.2.1:443: i/o timeout",
                "no route to the public registry",
            ),
            (
                "CannotPullContainerError: failed to resolve ref \
                 111122223333.dkr.ecr.eu-central-1.amazonaws.com/ecr-public/nginx/nginx:stable: dial tcp: i/o timeout",
                "no route to ECR",
            ),
            (
                "CannotPullContainerError: … failed to resolve ref …/ecr-public/nginx/nginx:stable: not found",
                "BatchImportUpstreamImage",
            ),
            (
                "name unknown: The repository with name 'ecr-public/nginx/nginx' does not exist in the registry",
                "CreateRepository",
            ),
            ("manifest unknown: Requested image not found", "BatchImportUpstreamImage"),
            ("unexpected status: 403 Forbidden", "library/"),
            (
                "failed to push 111122223333.dkr.ecr.us-east-1.amazonaws.com/web:1: unexpected status from HEAD request: 403 \
                 Forbidden",
                "ecr:GetDownloadUrlForLayer",
            ),
            ("toomanyrequests: You have reached your unauthenticated pull rate limit", "limits anonymous pulls"),
        ];
        for (text, part) in rows {
            assert!(explain(text).is_some_and(|said| said.contains(part)), "{text}");
        }
        assert_eq!(explain("OutOfMemoryError: container killed"), None);
    }
}
