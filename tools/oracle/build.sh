#!/bin/bash
# Build the guest image of the kernel oracle: Debian's kernel plus an initramfs that holds the
# real iptables (legacy), ebtables (legacy), iproute2, ping, nc, conntrack and dmesg.
# Usage: build.sh [CACHE_DIR]     needs root and Debian's packages; about a minute the first time.
set -euo pipefail
CACHE=${1:-${NETLAB_ORACLE_CACHE:-$HOME/.cache/netlab-oracle}}
mkdir -p "$CACHE"
PACKAGES="qemu-system-x86 linux-image-amd64 busybox-static cpio iptables ebtables iproute2 iputils-ping netcat-openbsd conntrack traceroute ipset kmod"
missing=; for p in $PACKAGES; do dpkg -s "$p" >/dev/null 2>&1 || missing="$missing $p"; done
if [ -n "$missing" ]; then apt-get update -qq; DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $missing >/dev/null; fi
K=$(ls -1 /lib/modules | sort -V | tail -1)
R=$CACHE/root; rm -rf "$R"; mkdir -p "$R"/{bin,sbin,usr/bin,usr/sbin,proc,sys,dev,tmp,run/netns,etc,lib64,lib,labs}
cp /bin/busybox "$R/bin/"
for t in $(busybox --list); do case $t in busybox|sh|ash|ip|ping|nc|dmesg|traceroute|arping|brctl|ifconfig|route|netstat) ;; *) ln -sf /bin/busybox "$R/bin/$t";; esac; done
for b in /bin/dash /usr/sbin/xtables-legacy-multi /usr/sbin/ebtables-legacy /usr/sbin/ebtables-legacy-restore /usr/sbin/ip /usr/sbin/bridge \
         /usr/sbin/ipset /usr/bin/ping /usr/bin/nc.openbsd /usr/sbin/conntrack /usr/bin/dmesg /usr/sbin/sysctl /usr/bin/traceroute.db; do
  real=$(readlink -f "$b" 2>/dev/null) || continue; [ -e "$real" ] || continue
  cp "$real" "$R/sbin/$(basename "$b")"
  { ldd "$real" 2>/dev/null || true; } | grep -o '/[^ ]*' | while read -r l; do mkdir -p "$R/$(dirname "$l")"; cp -Ln "$l" "$R/$l"; done || true
done
ln -sf ../sbin/dash "$R/bin/sh"
for n in iptables iptables-save iptables-restore ip6tables ip6tables-save ip6tables-restore; do ln -sf xtables-legacy-multi "$R/sbin/$n"; ln -sf xtables-legacy-multi "$R/sbin/${n/tables/tables-legacy}"; done
ln -sf ebtables-legacy "$R/sbin/ebtables"; ln -sf nc.openbsd "$R/sbin/nc"; ln -sf traceroute.db "$R/sbin/traceroute"; ln -sf /bin/busybox "$R/sbin/modprobe"
mkdir -p "$R/usr/lib/x86_64-linux-gnu"; cp -r /usr/lib/x86_64-linux-gnu/xtables "$R/usr/lib/x86_64-linux-gnu/"
# What the extensions themselves need (libxt_statistic: the mathematics library).
for so in /usr/lib/x86_64-linux-gnu/xtables/*.so; do ldd "$so" 2>/dev/null | grep -o '/[^ ]*' || true; done | sort -u | while read -r l; do
  [ -e "$R/$l" ] || { mkdir -p "$R/$(dirname "$l")"; cp -Ln "$l" "$R/$l"; }; done
[ -d /usr/lib/ebtables ] && cp -r /usr/lib/ebtables "$R/usr/lib/"
cp /etc/ethertypes /etc/protocols /etc/services "$R/etc/" 2>/dev/null || true; echo "root:x:0:0::/:/bin/sh" > "$R/etc/passwd"
M=$R/lib/modules/$K
for d in net/netfilter net/bridge net/ipv4 net/ipv6/netfilter net/802 net/llc net/core lib crypto; do
  mkdir -p "$M/kernel/$d"; cp -r "/lib/modules/$K/kernel/$d/." "$M/kernel/$d/" 2>/dev/null || true; done
mkdir -p "$M/kernel/drivers/net"; cp /lib/modules/"$K"/kernel/drivers/net/{veth,dummy}.ko* "$M/kernel/drivers/net/"
cp /lib/modules/"$K"/modules.{order,builtin} "$M/"; depmod -b "$R" "$K" 2>/dev/null
cat > "$R/init" <<'INIT'
#!/bin/sh
export PATH=/sbin:/bin LD_LIBRARY_PATH=/usr/lib/ebtables
mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev; mount -t tmpfs tmp /tmp; mount -t tmpfs run /run; mkdir -p /run/netns
for m in veth bridge br_netfilter ebtables ebtable_broute ebtable_nat ebtable_filter ebt_ip ebt_arp ebt_log iptable_filter nf_log_syslog xt_TRACE; do modprobe $m 2>/dev/null; done
sysctl -qw net.netfilter.nf_log_all_netns=1 kernel.printk_ratelimit=0 net.ipv4.icmp_ratelimit=0 kernel.randomize_va_space=0
echo 1 > /proc/sys/kernel/printk
ip link set lo up
for lab in /labs/*.sh; do
  name=$(basename "$lab" .sh)
  echo "@@@BEGIN $name"
  dmesg -C
  ip netns add lab-host
  timeout 60 /sbin/ip netns exec lab-host /bin/sh /labs-pre.sh "$lab" 2>&1
  echo "@@@RC $?"
  echo "@@@LOG $name"; dmesg -t | grep -v -E 'entered (blocking|forwarding|disabled|promiscuous)|entered promiscuous|left promiscuous|link becomes ready|renamed from|left (allmulticast|promiscuous)|entered allmulticast|^cgroup|random: crng|^hrtimer: |^clocksource: '
  echo "@@@END $name"
  # What a lab left running would keep its namespaces alive, and their timers would log into the next lab.
  killall -q nc ping traceroute sleep 2>/dev/null
  ip netns del lab-host; sleep 0.3
done
echo "@@@DONE $(uname -r)"
poweroff -f
INIT
cat > "$R/labs-pre.sh" <<'PRE'
# Runs inside a fresh network namespace: the lab's "host". Namespaces the lab adds vanish with it.
mount -t tmpfs run /run; mkdir -p /run/netns
sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1 net.bridge.bridge-nf-call-iptables=1 2>/dev/null
ip link set lo up
. "$1"
PRE
chmod +x "$R/init"
echo "$K" > "$CACHE/kernel"; cp "/boot/vmlinuz-$K" "$CACHE/vmlinuz"
(cd "$R" && find . | cpio -o -H newc 2>/dev/null | gzip -1) > "$CACHE/base.cpio.gz"
echo "oracle image for kernel $K in $CACHE"
