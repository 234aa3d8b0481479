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
# traceroute in its kinds
ip netns exec r iptables -A FORWARD -j LOG --log-prefix "r:fw "
ip netns exec srv iptables -A INPUT -j LOG --log-prefix "srv:in "
iptables -A INPUT -j LOG --log-prefix "in "
traceroute -n -q 1 -w 1 -N 1 10.0.2.2
traceroute -n -q 1 -w 1 -N 1 -p 40000 10.0.2.2
traceroute -n -q 2 -w 1 -N 1 -I 10.0.2.2
traceroute -n -q 1 -w 1 -N 1 -m 3 10.0.2.99
traceroute -n -q 1 -w 1 -N 1 -f 2 10.0.2.2
traceroute -n -q 1 -w 1 -N 1 -T -p 80 10.0.2.2
ip netns exec srv iptables -I INPUT -p udp -j DROP
traceroute -n -q 1 -w 1 -N 1 -m 3 10.0.2.2
ip netns exec r iptables -I FORWARD -j REJECT --reject-with icmp-admin-prohibited
traceroute -n -q 1 -w 1 -N 1 10.0.2.2
ip netns exec r iptables -R FORWARD 1 -j REJECT --reject-with icmp-host-unreachable
traceroute -n -q 1 -w 1 -N 1 10.0.2.2
traceroute -n -q 1 -w 1 -N 1 10.77.0.1
