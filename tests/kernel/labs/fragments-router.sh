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
# fragments through the router with conntrack, then without, then with one fragment missing
iptables -t raw -A OUTPUT -p icmp -j TRACE
ip netns exec r iptables -t raw -A PREROUTING -j LOG --log-prefix "r:raw "
ip netns exec r iptables -A FORWARD -j LOG --log-prefix "r:fwd "
ping -c 1 -s 3000 -W 1 10.0.2.2
ip netns exec r iptables -A FORWARD -m state --state INVALID -j DROP
ping -c 1 -s 3000 -W 1 10.0.2.2
ip netns exec r iptables -t raw -A PREROUTING -f -j DROP
ping -c 1 -s 3000 -W 1 10.0.2.2
ip netns exec srv iptables -A INPUT -f -j LOG --log-prefix "frag "
ip netns exec r iptables -nvL -t raw
ip netns exec r iptables -nvL
ping -c 1 -s 65507 -W 1 10.0.2.2 | tail -3
ping -c 1 -s 65508 -W 1 10.0.2.2
ip netns exec r iptables -t raw -nvL
