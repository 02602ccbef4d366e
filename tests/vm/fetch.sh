#!/bin/bash
# SPDX-License-Identifier: MIT
# fetch.sh [NAME]...  puts what boot.sh needs into the cache: a qemu, and the named kernels (all by default).
# Only what is missing is downloaded; remove a folder of the cache to have it fetched anew.
set -eu
# shellcheck source=tests/vm/common.sh
. "$(dirname "$0")/common.sh"

die() { say "$*"; exit 1; }

# apt must neither read nor write the machine's own package lists, so it gets a configuration that consists of
# the machine's download settings (proxies) and these folders. Hooks of the machine are thereby left out, too.
write_apt_conf() {
  {
    apt-config dump | grep '^Acquire::' || true
    cat <<CONF
Dir::Etc::Parts "/dev/null"; Dir::Etc::Main "/dev/null";
Dir::Etc::SourceParts "/dev/null"; Dir::Etc::SourceList "$apt/sources.list";
Dir::Etc::Preferences "/dev/null"; Dir::Etc::PreferencesParts "/dev/null";
Dir::State "$apt/state"; Dir::State::status "$apt/status"; Dir::Cache "$apt/cache";
APT::Architecture "amd64"; APT::Architectures { "amd64"; };
APT::Install-Recommends "false"; APT::Get::AllowUnauthenticated "false";
APT::Sandbox::User "$(id -un)"; # apt's own user cannot enter a cache below a home folder
Acquire::Check-Valid-Until "false"; # an old suite's Release file is no longer renewed
Acquire::Languages "none"; Acquire::Retries "3";
CONF
  } >"$apt/apt.conf"
}

# The key file named by the sources file an archive was configured in, or else Debian's installed one.
keyring_of() {
  local file
  file=$(grep -ihoE 'signed-by *[:=] *[^] ,]+' "$1" 2>/dev/null | sed 's/.*[:=] *//;q')
  [ -r "${file:-}" ] || file=/usr/share/keyrings/debian-archive-keyring.gpg
  [ ! -r "$file" ] || echo "[signed-by=$file]"
}

# Prints "LABEL|URI|SOURCES FILE:ENTRY" of the Debian archives this machine uses. apt itself reads its sources,
# of either format.
archives() {
  # shellcheck disable=SC2016 # the $(…) are apt's
  apt-get indextargets --format '$(LABEL)|$(REPO_URI)|$(SOURCESENTRY)' 'Created-By: Packages' 'Origin: Debian' |
    sort -t '|' -u -k 1,2
}

# The same archives, another suite. The security archive names its suites differently, and knows no sid.
write_sources() {
  local label uri entry
  while IFS='|' read -r label uri entry; do
    case $label in
      Debian) echo "deb $(keyring_of "${entry%:*}") $uri $1 main" ;;
      Debian-Security) [ "$1" = sid ] || echo "deb $(keyring_of "${entry%:*}") $uri $1-security main" ;;
    esac
  done <<<"$(archives)" >"$apt/sources.list"
  [ -s "$apt/sources.list" ] || die "apt has no Debian archive configured (or was never updated)"
}

# Makes the private apt see one suite. An archive that lacks the suite is no failure as long as another has it:
# old suites move. Whether the packages were found shows later.
use_suite() {
  apt=$work/apt-$1
  export APT_CONFIG=$apt/apt.conf
  [ ! -d "$apt" ] || return 0
  say "reading the package lists of $1"
  mkdir -p "$apt/state/lists/partial" "$apt/cache/archives/partial"
  : >"$apt/status"
  APT_CONFIG=$machine_conf write_sources "$1"
  APT_CONFIG=$machine_conf write_apt_conf
  apt-get update -qq 2>"$apt/errors" || true
}

no_package() { sed 's/^/  /' "$apt/errors" >&2; die "no $1 in Debian $2: the archives apt uses may not have this suite"; }

# Downloads the named packages and unpacks them into a folder; nothing is installed.
unpack() {
  local into=$1 debs; shift
  debs=$(mktemp -d -p "$work")
  (cd "$debs" && apt-get download -qq "$@" >&2) || die "could not download $*"
  say "  $# package(s), $(du -ch --apparent-size "$debs"/*.deb | sed -n '$s/\t.*//p')"
  for deb in "$debs"/*.deb; do dpkg -x "$deb" "$into"; done
  rm -r "$debs"
}

# With a status file that says nothing is installed, apt answers with every package qemu needs, C library included.
fetch_qemu() {
  local packages tree=$work/qemu
  use_suite trixie
  packages=$(apt-get install --simulate qemu-system-x86 2>/dev/null | awk '$1 == "Inst" { print $2 }')
  [ -n "$packages" ] || no_package qemu-system-x86 trixie
  say "fetching qemu"
  # shellcheck disable=SC2086 # one word per package
  unpack "$tree" $packages
  rm -rf "$vm_cache/qemu"
  mkdir -p "$vm_cache/qemu/usr/bin" "$vm_cache/qemu/usr/share"
  mv "$tree/usr/lib" "$vm_cache/qemu/usr/"
  mv "$tree/usr/share/qemu" "$tree/usr/share/seabios" "$vm_cache/qemu/usr/share/"
  mv "$tree/usr/bin/qemu-system-x86_64" "$vm_cache/qemu/usr/bin/" # last: without it, the next run starts over
  find_qemu || die "the unpacked qemu does not run: $("${vm_qemu[@]}" --version 2>&1 | head -n 1)"
}

# The newest cloud kernel of a version. A name without a third number is a metapackage.
newest_package() {
  local version=${1//./\\.}
  [ "$1" != any ] || version='[0-9]+\.[0-9]+'
  apt-cache pkgnames linux-image- | grep -E "^linux-image-$version\.[0-9].*-cloud-amd64$" | sort -V | tail -n 1
}

# Since 7.x linux-image-… is empty, and the kernel is in the package linux-binary-… it depends on.
kernel_packages() {
  echo "$1"
  apt-cache depends "$1" | awk '$1 == "Depends:" && $2 ~ /^linux-binary-/ { print $2 }'
}

fetch_kernel() {
  local name=$1 suite=$2 version=$3 package image tree=$work/kernel-$1
  use_suite "$suite"
  package=$(newest_package "$version") || true
  [ -n "$package" ] || no_package "cloud kernel (version: $version)" "$suite"
  say "fetching kernel $name: $package"
  # shellcheck disable=SC2046 # one word per package
  unpack "$tree" $(kernel_packages "$package")
  image=$(find "$tree" -name 'vmlinuz*' -type f | head -n 1)
  [ -n "$image" ] || die "no vmlinuz in $package"
  mkdir -p "$vm_cache/kernels/$name"
  echo "$package" >"$vm_cache/kernels/$name/package"
  mv "$image" "$(kernel_image "$name")"
  rm -r "$tree"
}

want_kernel() {
  local line
  [ ! -r "$(kernel_image "$1")" ] || return 0
  line=$(awk -v name="$1" '!/^#/ && $1 == name' "$vm_dir/kernels.txt")
  [ -n "$line" ] || die "no kernel named $1 in kernels.txt"
  # shellcheck disable=SC2086 # name, suite, version
  fetch_kernel $line
}

machine_conf=${APT_CONFIG:-}
command -v busybox >/dev/null || die "busybox is missing: install busybox-static"
mkdir -p "$vm_cache"
exec 9>"$vm_cache/lock" && flock 9 # a second fetch waits, then finds all in place
rm -rf "$vm_cache"/fetching.* # what a killed run left; the lock says none is running
work=$(mktemp -d -p "$vm_cache" fetching.XXXXXX) # on the cache's file system: what is finished moves in at once
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
find_qemu || fetch_qemu
[ $# -gt 0 ] || mapfile -t all < <(kernel_names)
for name in "${@:-${all[@]}}"; do want_kernel "$name"; done
