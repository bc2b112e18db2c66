#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A kernel tree to test with: sh tests/kernel/tree.sh VERSION DIR. Gets Debian's packages
# linux-source-VERSION and linux-config-VERSION, unpacks what the objects need into DIR/VERSION,
# and configures it as Debian's cloud kernel. Prints nothing if it is there already. Ends with 77 if the
# packages cannot be had.
set -eu
version=$1
mkdir -p "$2"
dir=$(cd "$2" && pwd)
tree=$dir/$version
[ ! -e "$tree/.unpacked" ] || exit 0

# Whoever says at the end what was not tried says why, too.
skip()
{
	echo "$*" >"$dir/why-$version"
	echo "*** SKIPPED: the kernel tree $version: $*" >&2
	exit 77
}

command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null ||
	skip "there is no apt-get here; unpack one yourself: docs/mm-kernel.md"
sh vmm/nested/install-deps.sh gcc make flex bison bc libelf-dev xz-utils >&2 ||
	skip "what it is built with cannot be installed: flex, bison, bc, libelf-dev, xz-utils"

echo "== getting linux-source-$version" >&2
rm -rf "$dir/packages-$version" "$tree"
mkdir -p "$dir/packages-$version" "$tree"
download()
{
	(cd "$dir/packages-$version" && apt-get -q download "linux-source-$version" "linux-config-$version") \
		>"$dir/download-$version.log" 2>&1
}
# Lists of packages may be old, or not there.
download || { apt-get -q update >"$dir/update.log" 2>&1 && download; } ||
	skip "apt-get download linux-source-$version fails: $(tail -n 1 "$dir/download-$version.log")"
for package in "$dir/packages-$version"/*.deb; do
	dpkg-deb -x "$package" "$dir/packages-$version"
done

# What is compiled, what that includes, and every Kconfig and Makefile.
tar -xf "$dir/packages-$version/usr/src/linux-source-$version.tar.xz" -C "$tree" --strip-components=1 \
	--exclude='*/Documentation/*/*' --exclude='*/tools/testing' --exclude='*/tools/perf' \
	--exclude='*.dts*' --exclude='linux-source-*/drivers/*.[chS]' \
	--exclude='linux-source-*/sound/*.[ch]' --exclude='linux-source-*/net/*.c' \
	--exclude='linux-source-*/fs/*.c'
xz -dc "$dir/packages-$version/usr/src/linux-config-$version/config.amd64_none_cloud-amd64.xz" \
	>"$tree/.config"
rm -rf "$dir/packages-$version"
(cd "$tree" && scripts/config -d DEBUG_INFO_BTF -d DEBUG_INFO_DWARF_TOOLCHAIN_DEFAULT \
	-e DEBUG_INFO_NONE -d GCC_PLUGINS --set-str SYSTEM_TRUSTED_KEYS '' -e HYPERV &&
	env -u MAKEFLAGS -u MAKELEVEL make -s olddefconfig) >"$dir/config-$version.log" 2>&1 || {
	cat "$dir/config-$version.log" >&2
	exit 1
}
touch "$tree/.unpacked"
