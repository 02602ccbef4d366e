# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# What fetch.sh, boot.sh and matrix.sh share: where things are kept, and which qemu to run.

vm_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
vm_cache=${TRACELEFT_VM_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/traceleft-lua/vm}
vm_qemu=()

say() { echo "${0##*/}: $*" >&2; }

kernel_names() { awk '!/^#/ && NF == 3 { print $1 }' "$vm_dir/kernels.txt"; }

kernel_image() { echo "$vm_cache/kernels/$1/vmlinuz"; }

# A child started with this ends when its parent does, even if the parent had no chance to clean up.
tied() { exec setpriv --pdeathsig TERM "$@"; }

# qemu 7.2 corrupts the memory of newer kernels under emulation, so an old one counts as none.
new_enough() {
  local version
  version=$("$@" --version 2>/dev/null | sed -n 's/.*version \([0-9]*\)\..*/\1/p;q')
  [ "${version:-0}" -ge 10 ]
}

# The unpacked qemu brings its own C library, newer than the host's: only its own loader can start it.
set_unpacked_qemu() {
  local usr=$vm_cache/qemu/usr libs=$vm_cache/qemu/usr/lib/x86_64-linux-gnu
  vm_qemu=("$libs/ld-linux-x86-64.so.2" --library-path "$libs" "$usr/bin/qemu-system-x86_64"
    -L "$usr/share/qemu" -L "$usr/share/seabios")
  export QEMU_MODULE_DIR=$libs/qemu
}

# Sets vm_qemu to the words that start a good qemu: the host's, or else the one fetch.sh unpacked.
find_qemu() {
  vm_qemu=(qemu-system-x86_64)
  new_enough "${vm_qemu[@]}" && return
  set_unpacked_qemu
  new_enough "${vm_qemu[@]}"
}
