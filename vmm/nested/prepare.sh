#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# prepare.sh DIR KIND: get what the emulated machines are made of into DIR: a kernel, its kvm
# modules, a root with busybox; and the emulator of this kind. Done once; what is there is used again.
set -eu
dir=$(cd "$(dirname "$0")" && pwd)
cache=$1
case $2 in
vmx)
	commands="bochs-bin xorriso"
	packages="bochs bochs-term bochsbios vgabios isolinux syslinux-common xorriso"
	# What boots a kernel from a CD.
	loader="/usr/lib/ISOLINUX/isolinux.bin /usr/lib/syslinux/modules/bios/ldlinux.c32"
	;;
*)
	commands=qemu-system-x86_64
	packages=qemu-system-x86
	loader=
	;;
esac

child=
trap '[ -z "$child" ] || kill "$child" 2>/dev/null; exit 130' HUP INT TERM
# A shell does not look at signals while a child runs, but while it waits for one.
patiently()
{
	"$@" &
	child=$!
	result=0
	wait "$child" || result=$?
	child=
	return "$result"
}

# The first of this kind's commands and files that is not there.
lacking()
{
	for name in $commands; do
		command -v "$name" >/dev/null 2>&1 || { echo "$name" && return; }
	done
	for file in $loader; do
		[ -s "$cache/${file##*/}" ] || { echo "$file" && return; }
	done
}

# One at a time: two machines may be started at once.
exec 8>"$cache/lock"
patiently flock 8
if [ -s "$cache/base.img" ] && [ -s "$cache/vmlinuz" ] && [ ! "$dir/init" -nt "$cache/base.img" ] &&
	[ -z "$(lacking)" ]; then
	exit 0
fi
# To its end: a package that is half installed is worse.
# shellcheck disable=SC2086 # a list of names
sh "$dir/install-deps.sh" $packages busybox-static cpio
for file in $loader; do
	[ ! -s "$file" ] || cp "$file" "$cache/"
done
lacks=$(lacking)
if [ -n "$lacks" ]; then
	echo "nested: the machine of kind $2 needs $lacks; its Debian packages: $packages" >&2
	exit 1
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ ! -s "$cache/kernel.deb" ]; then
	# The name of the package behind the metapackage changes with security updates.
	package=$(apt-cache depends linux-image-cloud-amd64 2>/dev/null |
		awk '$1 == "Depends:" && $2 ~ /^linux-image-[0-9]/ { print $2; exit }')
	if [ -z "$package" ]; then
		echo "nested: no linux-image-cloud-amd64 to be had; is this Debian? try: apt-get update" >&2
		exit 1
	fi
	echo "nested: downloading $package" >&2
	cd "$work"
	patiently apt-get -q download "$package" >/dev/null 2>"$work/log" 8>&- || {
		cat "$work/log" >&2
		exit 1
	}
	# Whole or not at all, even across file systems.
	cp "$work"/*.deb "$cache/kernel.deb.$$"
	mv "$cache/kernel.deb.$$" "$cache/kernel.deb"
fi
cd "$dir"
dpkg -x "$cache/kernel.deb" "$work/kernel"
mkdir -p "$work/root/bin"
for module in irqbypass kvm kvm-amd kvm-intel; do
	cp "$(find "$work/kernel" -name "$module.ko")" "$work/root/"
done
cp /bin/busybox "$work/root/bin/"
cp "$dir/init" "$work/root/init"
chmod 755 "$work/root/init"
(cd "$work/root" && find . | cpio -o -H newc 2>/dev/null | gzip -1) >"$cache/base.img.$$"
cp "$work"/kernel/boot/vmlinuz-* "$cache/vmlinuz.$$"
mv "$cache/vmlinuz.$$" "$cache/vmlinuz"
mv "$cache/base.img.$$" "$cache/base.img"
