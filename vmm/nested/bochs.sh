#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# bochs.sh DIR CACHE WORDS: become Bochs, a machine of 2 CPUs with Intel VMX. It boots the kernel
# that prepare.sh has put into CACHE, with DIR/root.img and these words on the kernel's command line. Serial ports are the files
# console, out, err and end in DIR, as QEMU's in run.sh; standard output is the file DIR/emulator.
set -eu
work=$1

# Bochs loads no kernel by itself: a CD does. It is the same at a second boot.
rm -rf "$work/cd" "$work/cd.iso"
mkdir -p "$work/cd/isolinux"
cp "$2/isolinux.bin" "$2/ldlinux.c32" "$2/vmlinuz" "$work/cd/isolinux/"
ln -f "$work/root.img" "$work/cd/isolinux/root.img"
# Without idle=halt kvm's loading hangs. The TSC is as good as it gets; the rest saves work.
words="$3 idle=halt tsc=reliable lpj=80000 no_timer_check nowatchdog random.trust_cpu=on"
words="$words nokaslr mitigations=off cryptomgr.notests rcupdate.rcu_expedited=1 audit=0"
words="$words apparmor=0 lsm=capability initcall_blacklist=load_system_certificate_list"
words="$words,init_evm,integrity_iintcache_init,init_ima"
cat >"$work/cd/isolinux/isolinux.cfg" <<EOF
DEFAULT machine
PROMPT 0
TIMEOUT 0
LABEL machine
 KERNEL vmlinuz
 INITRD root.img
 APPEND $words
EOF
xorriso -as mkisofs -quiet -o "$work/cd.iso" -b isolinux/isolinux.bin -c isolinux/boot.cat \
	-no-emul-boot -boot-load-size 4 -boot-info-table "$work/cd" 9>&-
rm -rf "$work/cd"

# Haswell: Skylake's CPUID leaves claim a clock that Bochs does not keep.
cat >"$work/bochsrc" <<EOF
display_library: term
romimage: file=/usr/share/bochs/BIOS-bochs-latest
vgaromimage: file=/usr/share/bochs/VGABIOS-lgpl-latest
megs: 1024
cpu: model=corei7_haswell_4770, count=2, ips=20000000, reset_on_triple_fault=0
clock: sync=none, time0=utc
pci: enabled=1, chipset=i440fx
ata0-master: type=cdrom, path=$work/cd.iso, status=inserted
boot: cdrom
com1: enabled=1, mode=file, dev=$work/console
com2: enabled=1, mode=file, dev=$work/out
com3: enabled=1, mode=file, dev=$work/err
com4: enabled=1, mode=file, dev=$work/end
log: $work/log
panic: action=fatal
error: action=ignore
info: action=ignore
debug: action=ignore
EOF
# Debian's has a debugger, which waits to be told to go on.
echo c >"$work/continue"

# Its display is a terminal that it makes and names, and it waits when nobody reads that. $$ is
# Bochs, soon: what reads ends with it.
{
	while kill -0 $$ 2>/dev/null; do
		screen=$(sed -n 's/.*connected to screen "\([^"]*\)".*/\1/p' "$work/emulator")
		[ -z "$screen" ] || exec cat "$screen"
		sleep 0.2
	done
} >/dev/null 2>&1 &
TERM=${TERM:-vt100} exec bochs-bin -q -f "$work/bochsrc" -rc "$work/continue"
