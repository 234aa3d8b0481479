ip link add docker0 address 02:42:7d:11:22:33 type bridge mcast_snooping 0
ip addr add 172.17.0.1/16 dev docker0
ip link set docker0 up
ip netns add c1
ip link add veth1 type veth peer name eth0 netns c1 address 02:42:ac:11:00:02
ip link set veth1 master docker0 up
ip -n c1 link set eth0 up
ip -n c1 addr add 172.17.0.2/16 dev eth0
ip -n c1 route add default via 172.17.0.1
sysctl -a 2>/dev/null | grep conntrack_udp
cat /proc/sys/net/netfilter/nf_conntrack_count
iptables -A INPUT -m state --state NEW -j ACCEPT
ip netns exec c1 ping -c 1 172.17.0.1 > /dev/null
cat /proc/sys/net/netfilter/nf_conntrack_count; sysctl net.netfilter.nf_conntrack_count
cat /proc/net/nf_conntrack
conntrack -C
