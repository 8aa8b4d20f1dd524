#!/bin/sh
# Installs from Debian the programs that tests start and this machine lacks: browser, and the consumers of our feeds.
# Nothing of it is started, and the machine's own package sources stay as they are: a folder of ours is used instead.
# Without Debian, root or a network it says so in one sentence; tests of what is missing skip with the reason.
set -u
PATH="$PATH:/usr/sbin:/sbin"

lacking() {
    while read -r program package; do
        command -v "$program" >/dev/null 2>&1 || printf '%s ' "$package"
    done <<PROGRAMS
chromium chromium
suricata suricata
named bind9
named-checkzone bind9-utils
nft nftables
squid squid
unbound unbound
unbound-checkconf unbound
PROGRAMS
    [ "$(fc-list 'Noto Sans CJK JP' family 2>/dev/null)" ] || [ -e /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc ] \
        || printf 'fonts-noto-cjk '
}

missing=$(lacking)
[ -z "$missing" ] && exit 0
if ! command -v apt-get >/dev/null 2>&1 || [ "$(id -u)" != 0 ]; then
    echo "Tests of these programs will skip, as they can be installed by root on Debian only: $missing"
    exit 0
fi

ours=$(mktemp -d)
policy=/usr/sbin/policy-rc.d
put_policy=
clean() {
    rm -rf "$ours"
    [ "$put_policy" ] && rm -f "$policy"
}
trap clean EXIT INT TERM

# https://people.debian.org/~hmh/invokerc.d-policyrc.d-specification.txt: 101 forbids every start.
if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod 755 "$policy" && put_policy=yes
fi

release=$(. /etc/os-release && echo "${VERSION_CODENAME:-bookworm}")
mkdir -p "$ours/parts" "$ours/lists/partial"
cat >"$ours/parts/debian.sources" <<SOURCES
Types: deb
URIs: http://deb.debian.org/debian
Suites: $release $release-updates $release-backports
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://deb.debian.org/debian-security
Suites: $release-security
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
SOURCES

apt() {
    DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dir::Etc::SourceList=/dev/null \
        -o Dir::Etc::SourceParts="$ours/parts" -o Dir::State::Lists="$ours/lists" \
        -o Dir::Cache::pkgcache="" -o Dir::Cache::srcpkgcache="" -o Acquire::Retries=2 "$@" >>"$ours/log" 2>&1
}

apt update
# One by one, so that one that is not to be had keeps no other away; Suricata 7 came to bookworm by its backports.
for package in $(printf '%s\n' $missing | sort -u); do
    from=
    [ "$package" = suricata ] && from="-t $release-backports"
    # shellcheck disable=SC2086
    apt install -y --no-install-recommends $from "$package" || { [ "$from" ] && apt install -y --no-install-recommends "$package"; }
done

missing=$(lacking)
[ -z "$missing" ] || echo "Tests of these programs will skip, as Debian's packages could not be installed: $missing"
[ -z "${DEBIAN_LOG:-}" ] || cp "$ours/log" "$DEBIAN_LOG"
exit 0
