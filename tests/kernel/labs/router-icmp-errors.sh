# host --(10.0.1.0/24)-- r --(10.0.2.0/24)-- srv
ip netns add r; ip netns add srv
for n in r srv; do ip netns exec $n sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1; done
ip link add eth0 address 02:00:00:00:01:01 type veth peer name eth0 netns r address 02:00:00:00:01:02
ip addr add 10.0.1.1/24 dev eth0; ip link set eth0 up
ip -n r addr add 10.0.1.2/24 dev eth0; ip -n r link set eth0 up; ip -n r link set lo up
ip -n r link add eth1 address 02:00:00:00:02:01 type veth peer name eth0 netns srv address 02:00:00:00:02:02
ip -n r addr add 10.0.2.1/24 dev eth1; ip -n r link set eth1 up
ip -n srv addr add 10.0.2.2/24 dev eth0; ip -n srv link set eth0 up; ip -n srv link set lo up
ip -n srv route add default via 10.0.2.1
ip route add 10.0.2.0/24 via 10.0.1.2
ip netns exec r sysctl -qw net.ipv4.ip_forward=1
# errors coming back from a router
iptables -t raw -A PREROUTING -p icmp -j TRACE
iptables -t raw -A OUTPUT -p icmp -j TRACE
ping -c 1 10.0.2.2
ping -c 1 -t 1 10.0.2.2
ping -c 1 -W 4 10.0.2.77
ip -n r route add unreachable 10.9.0.0/16
ip -n r route add blackhole 10.8.0.0/16
ip -n r route add prohibit 10.7.0.0/16
ip route add 10.0.0.0/8 via 10.0.1.2
ping -c 1 -W 1 10.9.1.1
ping -c 1 -W 1 10.8.1.1
ping -c 1 -W 1 10.7.1.1
ping -c 1 -W 1 10.6.1.1
ip -n r link set eth1 mtu 1000
ping -c 1 -s 1200 -M do -W 1 10.0.2.2
ping -c 1 -s 1200 -M do -W 1 10.0.2.2
ip route get 10.0.2.2 | head -1
ping -c 1 -s 1200 -W 1 10.0.2.2
ip netns exec r sysctl -qw net.ipv4.ip_forward=0
ping -c 1 -W 1 10.0.2.2
ip -n r neigh
ip neigh
