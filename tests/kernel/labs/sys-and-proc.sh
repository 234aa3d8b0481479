# sysctls and files read back
ip link add br0 type bridge; ip link set br0 up
ip link add v0 type veth peer name v1
ip link set v0 master br0 up; ip link set v1 up
sysctl net.ipv4.ip_forward net.ipv4.conf.all.rp_filter net.ipv4.conf.v1.rp_filter net.ipv4.conf.default.rp_filter
sysctl -n net.bridge.bridge-nf-call-iptables net.bridge.bridge-nf-call-arptables net.bridge.bridge-nf-filter-vlan-tagged
cat /proc/sys/net/ipv4/ip_forward
echo 0 > /proc/sys/net/ipv4/ip_forward; sysctl net.ipv4.conf.v1.forwarding
echo 1 > /proc/sys/net/ipv4/conf/v1/forwarding; sysctl net.ipv4.ip_forward net.ipv4.conf.all.forwarding
cat /sys/class/net/v0/operstate /sys/class/net/v1/address | head -1
cat /sys/class/net/v0/carrier /sys/class/net/v0/mtu
ls /sys/class/net/br0/brif
cat /sys/class/net/br0/bridge/bridge_id | cut -c1-4
cat /sys/class/net/br0/bridge/stp_state /sys/class/net/v0/brport/state
echo 1 > /sys/class/net/v0/brport/hairpin_mode
bridge -d link show dev v0 | tail -1
sysctl net.ipv4.icmp_echo_ignore_all net.ipv4.icmp_ratelimit net.ipv4.ip_default_ttl
sysctl -w net.ipv4.ip_default_ttl=33
iptables -A OUTPUT -j LOG
ping -c 1 127.0.0.1
sysctl net.nosuch.thing
sysctl -w net.ipv4.ip_forward=abc
