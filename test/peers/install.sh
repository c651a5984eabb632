#!/usr/bin/env bash
# Installs the real programs that the tests ask for their opinion, on Debian and Ubuntu: as root, or by sudo.
# Quick where all of them are there; starts no service, and leaves those that run as they are.
set -euo pipefail

packages=(
  nginx apache2 haproxy caddy stunnel4 # servers that ask for client certificates
  openssl gnutls-bin golang-go default-jdk-headless # other TLS and X.509 implementations
  libtomcat10-embed-java libjakarta-annotation-api-java # what is inside Spring Boot
  python3-cryptography curl easy-rsa
  libnss3-tools chromium              # what browsers read
  python3-aiosmtpd dovecot-imapd dovecot-pop3d slapd postgresql mariadb-server-core vsftpd prosody # that begin in the clear
  tinyproxy-bin                       # a proxy on the way
  sslscan nmap                        # other scanners
  libxml2-utils prometheus python3-prometheus-client tidy cmark-gfm # readers of reports
  python3-yaml systemd                # readers of a scheduler's files
  protobuf-compiler libprotobuf-dev python3-protobuf # readers of Envoy's schema
  bash zsh fish man-db mandoc         # shells that complete, readers of the manual
  expect faketime strace hyperfine    # terminals, clocks, system calls, stopwatches
)
services=(nginx apache2 haproxy caddy stunnel4 dovecot-imapd slapd postgresql vsftpd prosody prometheus)

is_installed() { [ "$(dpkg-query --show --showformat '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

command -v apt-get >/dev/null || { echo 'peers: this installs by apt-get, on Debian and Ubuntu' >&2; exit 1; }
missing=()
for package in "${packages[@]}"; do is_installed "$package" || missing+=("$package"); done
[ ${#missing[@]} = 0 ] && exit 0

echo "peers: installing ${missing[*]}" >&2
log=$(mktemp)
policy=/usr/sbin/policy-rc.d # asked by every package that would start its service; 101 means: do not
made_policy=
clean_up() {
  rm -f "$log"
  if [ -n "$made_policy" ]; then as_root rm -f "$policy"; fi
}
trap clean_up EXIT
if [ ! -e "$policy" ]; then
  made_policy=yes
  printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
  as_root chmod 755 "$policy"
fi

apt() { as_root env DEBIAN_FRONTEND=noninteractive apt-get --quiet=2 --yes "$@" >>"$log" 2>&1; }
if ! { apt update && apt install --no-install-recommends "${missing[@]}"; }; then
  cat "$log" >&2
  echo "peers: could not install ${missing[*]}" >&2
  exit 1
fi

# Installed for the tests, which start them on ports of their own: the next boot does not start them either.
if [ -d /run/systemd/system ]; then
  for package in "${missing[@]}"; do
    case " ${services[*]} " in *" $package "*) as_root systemctl disable --quiet --now "${package%-imapd}" || true ;; esac
  done
fi
