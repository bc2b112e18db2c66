#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Install the Debian packages named on the command line that are not there yet.
set -eu

if ! command -v dpkg-query >/dev/null 2>&1; then
	echo "deps: no Debian here; taking for granted what these packages hold: $*" >&2
	exit 0
fi

missing=
for package in "$@"; do
	status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
	[ "$status" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null 2>&1; then
	echo "deps: please install the equivalents of these Debian packages:$missing" >&2
	exit 1
fi
sudo=
if [ "$(id -u)" != 0 ]; then
	sudo=sudo
	if ! command -v sudo >/dev/null 2>&1; then
		echo "deps: not root and no sudo; as root run: apt-get install$missing" >&2
		exit 1
	fi
fi
echo "deps: installing$missing"
# shellcheck disable=SC2086 # a list of names
DEBIAN_FRONTEND=noninteractive $sudo sh -c 'apt-get -q update && apt-get -q -y install --no-install-recommends "$@"' \
	sh $missing >/dev/null
