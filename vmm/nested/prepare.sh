#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# prepare.sh DIR: get what the emulated machine is made of into DIR: a kernel, its kvm modules, a
# root with busybox. Done once; what is there is used again.
set -eu
dir=$(cd "$(dirname "$0")" && pwd)
cache=$1

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

# One at a time: two machines may be started at once.
exec 8>"$cache/lock"
patiently flock 8
if [ -s "$cache/base.img" ] && [ -s "$cache/vmlinuz" ] && [ ! "$dir/init" -nt "$cache/base.img" ] &&
	command -v qemu-system-x86_64 >/dev/null 2>&1; then
	exit 0
fi
# To its end: a package that is half installed is worse.
sh "$dir/install-deps.sh" qemu-system-x86 busybox-static cpio

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
for module in irqbypass kvm kvm-amd; do
	cp "$(find "$work/kernel" -name "$module.ko")" "$work/root/"
done
cp /bin/busybox "$work/root/bin/"
cp "$dir/init" "$work/root/init"
chmod 755 "$work/root/init"
(cd "$work/root" && find . | cpio -o -H newc 2>/dev/null | gzip -1) >"$cache/base.img.$$"
cp "$work"/kernel/boot/vmlinuz-* "$cache/vmlinuz.$$"
mv "$cache/vmlinuz.$$" "$cache/vmlinuz"
mv "$cache/base.img.$$" "$cache/base.img"
