#!/bin/busybox sh
# shellcheck shell=dash
# SPDX-License-Identifier: MIT
# The first process of the booted machine: makes it look like one, runs /command, reports and powers off.
# Each kind of output has its own serial line, so kernel messages can neither disturb nor imitate the others:
# ttyS0 console, ttyS1 the command's output, ttyS2 "started" and "exit N."

export PATH=/bin:/usr/bin:/sbin:/usr/sbin HOME=/root TERM=dumb
/bin/busybox --install -s /bin

attach() { # TYPE FOLDER: a kernel may lack one of them, which is for the command to find out
  mkdir -p "$2" 2>/dev/null
  mount -t "$1" "$1" "$2" 2>/dev/null
}

attach devtmpfs /dev
attach proc /proc
attach sysfs /sys
attach tmpfs /tmp
attach tmpfs /run
attach devpts /dev/pts
attach tmpfs /dev/shm
attach debugfs /sys/kernel/debug
attach tracefs /sys/kernel/tracing
attach securityfs /sys/kernel/security
attach bpf /sys/fs/bpf
attach cgroup2 /sys/fs/cgroup
chmod 1777 /tmp /dev/shm

ln -s /proc/self/fd /dev/fd
ln -s fd/0 /dev/stdin
ln -s fd/1 /dev/stdout
ln -s fd/2 /dev/stderr
ip link set lo up
hostname vm

stty -F /dev/ttyS1 raw
stty -F /dev/ttyS2 raw
echo started >/dev/ttyS2
cd / || exit
setsid sh /command </dev/null >/dev/ttyS1 2>&1
code=$?
stty -F /dev/ttyS1 raw # setting a line's mode waits until all that was written to it has left
echo "exit $code." >/dev/ttyS2
stty -F /dev/ttyS2 raw
poweroff -f
