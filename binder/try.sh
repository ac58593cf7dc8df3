#!/usr/bin/env bash
# Tries install.sh on a bare root, as root, with debootstrap: binder/try.sh noble|trixie|bookworm MIRROR. Says of each step whether it ran; ends with 1
# when one failed. A step whose registry does not answer here is 'not run', which is no failure. Where the release has no .NET SDK, this machine's serves.
set -euo pipefail

[ $# = 2 ] || { echo "try.sh: needs a release and the mirror that has it, as debootstrap takes them" >&2 && exit 2; }
release=$1 mirror=$2
repository=$(cd "$(dirname "$0")/.." && pwd)
case $release in
    noble) script=gutsy ;; # the script of every Ubuntu; an old debootstrap knows no noble
    trixie | bookworm) script=sid ;;
    *) echo "try.sh: no release '$release'; there are noble, trixie, bookworm" >&2 && exit 2 ;;
esac
[ "$(id -u)" = 0 ] || { echo "try.sh: needs root" >&2 && exit 2; }
command -v debootstrap >/dev/null || { echo "try.sh: needs debootstrap" >&2 && exit 2; }

root=$(mktemp -d)
chmod 755 "$root"
log=$(mktemp)
mounts=(proc sys dev)
leave() {
    # The compiler of the build stays for a while, and holds what it has open.
    for at in usr/share/dotnet "${mounts[@]}"; do if mountpoint -q "$root/$at"; then umount --lazy "$root/$at"; fi; done
    rm -rf --one-file-system "$root" "$log"
}
trap leave EXIT

# Ubuntu's keys are not on a Debian, and the root lives for this trial alone.
keys=(--no-check-gpg)
[ "$script" = gutsy ] && [ ! -e /usr/share/keyrings/ubuntu-archive-keyring.gpg ] || keys=()
debootstrap --variant=minbase "${keys[@]}" "$release" "$root" "$mirror" "$script" >"$log" 2>&1 || { tail "$log" >&2 && exit 1; }
for at in "${mounts[@]}"; do mountpoint -q "$root/$at" || mount --bind "/$at" "$root/$at"; done
cp /etc/resolv.conf "$root/etc/"
if [ "$script" = gutsy ]; then
    printf "deb $mirror %s main universe\n" "$release" "$release-updates" "$release-security" >"$root/etc/apt/sources.list"
else
    mkdir -p "$root/usr/share/dotnet"
    mount --bind "$(dirname "$(readlink -f "$(command -v dotnet)")")" "$root/usr/share/dotnet"
    ln -s /usr/share/dotnet/dotnet "$root/usr/bin/dotnet"
fi
# A machine that trusts certificates of its own reaches the registries by them.
mkdir -p "$root/usr/local/share/ca-certificates"
cp /usr/local/share/ca-certificates/*.crt "$root/usr/local/share/ca-certificates/" 2>/dev/null || true

# The image of Ubuntu brings a user 1000, a root of debootstrap none.
in_root() { chroot "$@" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin ${NUGET_CERT_REVOCATION_MODE:+NUGET_CERT_REVOCATION_MODE=$NUGET_CERT_REVOCATION_MODE} "${environment[@]}"; }
chroot "$root" useradd --create-home --uid 1000 reader
mkdir "$root/home/reader/attn"
git -C "$repository" ls-files -z --cached --others --exclude-standard | (cd "$repository" && xargs -0 cp --parents -t "$root/home/reader/attn")
chroot "$root" chown -R 1000:1000 /home/reader/attn

failed=0
step() {
    local user=$1 name=$2 started=$SECONDS
    local environment=(HOME="$([ "$user" = 0 ] && echo /root || echo /home/reader)" bash -c "cd /home/reader/attn && binder/install.sh $name")
    if in_root --userspec="$user:$user" "$root" >"$log" 2>&1; then
        echo "$name: ran, $((SECONDS - started)) s"
    else
        echo "$name: failed" && tail -n 20 "$log" && failed=1
    fi
}

echo "$release, $(uname -m)"
step 0 system
if python3 -m pip download --quiet --no-deps --retries 0 --dest "$root/tmp" pip >/dev/null 2>&1; then
    step 1000 jupyter
else
    echo "jupyter: not run, no registry of Python packages answers"
fi
for name in attn warm kernel; do step 1000 "$name"; done
exit $failed
