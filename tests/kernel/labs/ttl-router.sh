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
# TTL in a router namespace, errors logged on both sides
ip netns exec r iptables -t mangle -A PREROUTING -p icmp -j LOG --log-prefix "r:man "
ip netns exec r iptables -A OUTPUT -j LOG --log-prefix "r:out "
iptables -A INPUT -p icmp -j LOG --log-prefix "h:in "
ping -c 1 -t 1 10.0.2.2
ping -c 2 -i 0.3 -t 1 10.0.2.2
traceroute -n -q 1 -w 1 10.0.2.2
traceroute -I -n -q 1 -w 1 10.0.2.2
ip netns exec r iptables -t mangle -A PREROUTING -i eth0 -j TTL --ttl-set 1
ping -c 1 -W 1 10.0.2.2
ip netns exec r iptables -t mangle -F
ip netns exec r iptables -t mangle -A FORWARD -i eth0 -j TTL --ttl-dec 62
ping -c 1 -W 1 10.0.2.2
ip netns exec srv iptables -A INPUT -m ttl --ttl-lt 3 -j REJECT --reject-with icmp-port-unreachable
ping -c 1 -W 1 10.0.2.2
ip netns exec r iptables -nvL; ip netns exec r iptables -t mangle -nvL FORWARD
