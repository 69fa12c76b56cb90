#!/bin/sh
# Pulls each tag in use once, so that ECR has the image before something depends on it: for references by digest, for
# roles that may not create repositories, and for networks without a way to the internet.
# Run it when the cache rules exist, before the rewritten references are deployed, with credentials that have the pull
# policy. It needs the AWS CLI and, if there is one, Docker or whatever CONTAINER_CLI names; images stay in its store.
# An image that fails does not stop the others. Exit code: 0 all are cached, 1 some are not, 2 nothing was tried.
set -u
export AWS_PAGER=''

# The region as the AWS CLI takes it, the account as its credentials say.
region=${AWS_REGION:-${AWS_DEFAULT_REGION:-$(aws configure get region)}}
if [ -z "$region" ]; then
  echo 'set AWS_REGION to the region of the cache rules' >&2
  exit 2
fi
account=$(aws sts get-caller-identity --region "$region" --query Account --output text) || exit 2
if [ "$account/$region" != 111122223333/eu-central-1 ]; then
  echo "the references name account 111122223333, region eu-central-1; the credentials are for $account, $region" >&2
  exit 2
fi
registry=$account.dkr.ecr.$region.amazonaws.com
failed=0

client=${CONTAINER_CLI:-docker}
if ! command -v "$client" >/dev/null; then
  echo "there is no $client: asking ECR for the manifests, which may not be enough to import them" >&2
  client=
elif ! aws ecr get-login-password --region "$region" | "$client" login --username AWS --password-stdin "$registry"; then
  exit 2
fi

# manifest REPOSITORY ID: the digest that ECR answers with, or nothing. A failure is no error of the command.
manifest() {
  aws ecr batch-get-image --region "$region" --repository-name "$1" --image-ids "$2" \
    --query 'images[0].imageId.imageDigest' --output text 2>/dev/null | grep '^sha256:'
}

# found REPOSITORY ID: whether the image is in the registry, with some patience for one that was only just imported.
found() {
  for seconds in 0 1 2 4; do
    sleep "$seconds"
    if manifest "$1" "$2" >/dev/null; then
      return 0
    fi
  done
  return 1
}

# warm REPOSITORY TAG [DIGEST]…: pulls the tag, and looks for the digests that references pin.
warm() {
  repository=$1
  tag=$2
  shift 2
  if [ -n "$client" ] && ! "$client" pull --quiet "$registry/$repository:$tag"; then
    echo "failed: $registry/$repository:$tag" >&2
    failed=1
    return
  fi
  if ! found "$repository" imageTag="$tag"; then
    echo "failed: $repository:$tag is not in the registry" >&2
    failed=1
    return
  fi
  echo "cached: $repository:$tag"
  for digest in "$@"; do
    if ! found "$repository" imageDigest="$digest"; then
      echo "failed: $repository@$digest is not what its tag $tag names now: pull it by a tag that does" >&2
      failed=1
    fi
  done
}

warm docker-hub/grafana/grafana 11.2.0
warm ecr-public/docker/library/nginx 1.27 \
  sha256:5b0a1ce8ce1d6ac46e1d6ac46e1d6ac4c11d0c5f7e7ad8f7e7ad8f7e7ad8f7e7
warm prom/node-exporter v1.8.2

# These have a digest and no tag. Find a tag at the upstream that names the digest, and pull the image by it:
# - 111122223333.dkr.ecr.eu-central-1.amazonaws.com/ecr-public/nginx/nginx@sha256:5b0a1ce8ce1d6ac46e1d6ac46e1d6ac4c11d0c5f7e7ad8f7e7ad8f7e7ad8f7e7

# No tag of these is written in the files. Pull them with the tag that is filled in, or latest if there is none:
# - 111122223333.dkr.ecr.eu-central-1.amazonaws.com/partner/team/api:TAG

exit "$failed"
