#!/bin/bash
# SPDX-License-Identifier: MIT
# boot.sh KERNEL COMMAND [FILE[:DEST]]...  boots KERNEL in qemu and runs COMMAND there, as root, with busybox's sh.
#   KERNEL  a name from kernels.txt, or a vmlinuz file
#   FILE    copied to /DEST (default: /bin/<its name>); a folder with all below it. A program is static,
#           or its loader and libraries are given too.
# Prints COMMAND's output as it comes, and exits with its code, or with
#   124 it took too long   125 the kernel died meanwhile   126 the machine did not boot
# The machine has an empty disk of 64 MB, /dev/nvme0n1.
# Environment: VM_MEM=1024 (MB)  VM_TIMEOUT=600  VM_BOOT_TIMEOUT=90 (seconds)  VM_TRIES=3  VM_APPEND= (to the kernel's
# command line)  VM_CONSOLE= (a file to keep the kernel's messages in)
set -u
# shellcheck source=tests/vm/common.sh
. "$(dirname "$0")/common.sh"

die() { say "$*"; exit 126; }

# shellcheck disable=SC2317 # called by a trap
clean_up() {
  trap '' PIPE # whoever read our messages may be gone; that must not end this function
  [ -z "$qemu" ] || kill "$qemu" 2>/dev/null
  rm -rf "$work"
}

copy_file() {
  local from=${1%%:*} to=/bin/${1##*/}
  [ "$from" = "$1" ] || to=/${1#*:}
  [ -e "$from" ] || die "no such file: $from"
  mkdir -p "$root$(dirname "$to")"
  cp -aHT "$from" "$root$to" || die "cannot copy $from"
}

# The whole machine is one archive, which the kernel unpacks into its memory.
build_image() {
  local busybox command=$1; shift
  busybox=$(command -v busybox) || die "busybox is missing: install busybox-static"
  mkdir -p "$root"/{bin,dev,etc,proc,root,run,sys,tmp}
  cp "$busybox" "$root/bin/busybox"
  cp "$vm_dir/init.sh" "$root/init" && chmod 755 "$root/init"
  printf '%s\n' 'root:x:0:0::/root:/bin/sh' 'nobody:x:65534:65534::/tmp:/bin/sh' >"$root/etc/passwd"
  printf '%s\n' 'root:x:0:' 'nogroup:x:65534:' >"$root/etc/group"
  printf '%s\n' '127.0.0.1 localhost' '::1 localhost' >"$root/etc/hosts"
  printf '%s\n' "$command" >"$root/command"
  for file; do copy_file "$file"; done
  (cd "$root" && find . -print0 | cpio --quiet -0 -o -H newc -R 0:0) >"$work/image" || die "cannot build the image"
  rm -r "$root"
}

# An oops ends the machine: a kernel that stumbled must not pass its tests.
start_qemu() {
  : >"$work/console"; : >"$work/output"; : >"$work/control"
  truncate -s 64M "$work/disk"
  tied "${vm_qemu[@]}" -accel tcg,thread=multi -cpu max -smp 2 -m "${VM_MEM:-1024}" \
    -nodefaults -nic none -display none -no-reboot -kernel "$kernel" -initrd "$work/image" \
    -append "console=ttyS0 quiet panic=-1 oops=panic tsc=reliable no_timer_check ${VM_APPEND:-}" \
    -drive "file=$work/disk,if=none,id=disk,format=raw,discard=unmap" -device nvme,serial=disk,drive=disk \
    -serial "file:$work/console" -serial "file:$work/output" -serial "file:$work/control" \
    </dev/null >"$work/complaint" 2>&1 &
  qemu=$!
}

started() { grep -q started "$work/control"; }

# The full stop tells a whole number from the first digits of one that is still being written.
exit_code() { sed -n 's/^exit \([0-9]*\)[.]/\1/p' "$work/control"; }

# Waits for the end of the machine or its command. False: it had to be stopped.
watch_machine() {
  local deadline=$((SECONDS + ${VM_BOOT_TIMEOUT:-90})) running=''
  while kill -0 "$qemu" 2>/dev/null && [ -z "$(exit_code)" ]; do
    if [ -z "$running" ] && started; then
      running=yes deadline=$((SECONDS + ${VM_TIMEOUT:-600}))
    fi
    [ "$SECONDS" -lt "$deadline" ] || return
    sleep 0.1
  done
}

stop_qemu() {
  kill "$qemu" 2>/dev/null
  wait "$qemu" 2>/dev/null
  qemu=
}

# One boot. Sets code to what this program is to exit with.
boot() {
  local late='' reader
  start_qemu
  tail -c +1 -s 0.1 -f --pid="$qemu" "$work/output" &
  reader=$!
  watch_machine || late=yes
  stop_qemu
  wait "$reader"
  code=$(exit_code)
  if [ -n "$code" ]; then return; fi
  if ! started; then code=126; elif [ -n "$late" ]; then code=124; else code=125; fi
}

last_words() {
  cat "$work/complaint"
  tr -d '\r' <"$work/console" | tail -n 20
}

explain() {
  case $1 in
    124) say "$name: stopped after ${VM_TIMEOUT:-600} s" ;;
    125) say "$name: the kernel died while the command ran"; last_words >&2 ;;
    126) say "$name: did not boot"; last_words >&2 ;;
  esac
}

# The emulator may fail a boot now and then. What fails once the command has started is never tried again.
boot_until_started() {
  local try
  for try in $(seq "${VM_TRIES:-3}"); do
    boot
    if started; then break; fi
    say "$name: boot $try failed"
  done
  [ -n "$(exit_code)" ] || explain "$code"
}

[ $# -ge 2 ] || { sed -n '3,11s/^# \?//p' "$0" >&2; exit 126; }
name=$1 command=$2; shift 2
kernel=$name
[ -f "$kernel" ] || kernel=$(kernel_image "$name")
[ -r "$kernel" ] || die "no kernel $name: run fetch.sh"
find_qemu || die "no qemu of version 10 or later: run fetch.sh"
qemu='' code=126
work=$(mktemp -d) || die "no place for temporary files"
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
trap 'exit 141' PIPE
root=$work/root
build_image "$command" "$@"
boot_until_started
[ -z "${VM_CONSOLE:-}" ] || cp "$work/console" "$VM_CONSOLE"
exit "$code"
