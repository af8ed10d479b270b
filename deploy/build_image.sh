#!/usr/bin/env bash
# Build the image where there is no container engine: by Debian's buildah, in a changed root.
#
#   deploy/build_image.sh FOLDER
#
# needs root, buildah and debootstrap. FOLDER keeps all that is built. The base is made by debootstrap
# and stands in for python:3.11-slim-bookworm; an engine builds the same Dockerfile on the real one.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
folder=$(realpath --canonicalize-missing "$1")
mkdir --parents "$folder"

build() {
    buildah --storage-driver vfs --root "$folder/images" --runroot "$folder/run" "$@"
}

# Packages come through the machine's own settings, where it has some.
machine=(--volume /etc/ssl/certs:/etc/ssl/certs:ro)
for name in PIP_CERT PIP_INDEX_URL PIP_EXTRA_INDEX_URL HTTPS_PROXY NO_PROXY; do
    [[ -z "${!name:-}" ]] || machine+=(--env "$name=${!name}")
done

base=docker.io/library/python:3.11-slim-bookworm
if ! build inspect --type image "$base" > /dev/null 2>&1; then
    rm --recursive --force "$folder/base"
    mkdir "$folder/base"
    debootstrap --variant=minbase --include=python3,python3-venv,ca-certificates bookworm "$folder/base/root"
    rm --recursive --force "$folder"/base/root/var/{cache/apt/archives,lib/apt/lists}/*
    tar --directory "$folder/base/root" --create --file "$folder/base/root.tar" .
    rm --recursive --force "$folder/base/root"
    printf 'FROM scratch\nADD root.tar /\n' > "$folder/base/Dockerfile"
    build bud --isolation chroot --tag "$base" "$folder/base"
fi
build bud --isolation chroot --pull-never --format docker "${machine[@]}" --tag airounds .
