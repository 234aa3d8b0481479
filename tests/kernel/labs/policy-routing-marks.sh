sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
ip link add docker0 address 02:42:7d:11:22:33 type bridge mcast_snooping 0
ip addr add 172.17.0.1/16 dev docker0
ip link set docker0 up
ip netns add c1; ip netns exec c1 sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
ip link add veth1 type veth peer name eth0 netns c1 address 02:42:ac:11:00:02
ip link set veth1 master docker0 up
ip -n c1 link set eth0 up
ip -n c1 addr add 172.17.0.2/16 dev eth0
ip -n c1 route add default via 172.17.0.1
ip netns add c2; ip netns exec c2 sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
ip link add veth2 type veth peer name eth0 netns c2 address 02:42:ac:11:00:03
ip link set veth2 master docker0 up
ip -n c2 link set lo up
ip -n c2 link set eth0 up
ip -n c2 addr add 172.17.0.3/16 dev eth0
ip -n c2 route add default via 172.17.0.1
ip netns add ext; ip netns exec ext sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
ip link add eth0 address 02:00:00:00:09:01 type veth peer name eth0 netns ext address 02:00:00:00:09:02
ip addr add 10.0.0.1/24 dev eth0; ip link set eth0 up
ip -n ext link set lo up; ip -n ext link set eth0 up
ip -n ext addr add 10.0.0.2/24 dev eth0
ip route add default via 10.0.0.2
ip netns add ext2
ip link add eth1 type veth peer name eth0 netns ext2
ip addr add 10.1.0.1/24 dev eth1; ip link set eth1 up
ip -n ext2 addr add 10.1.0.2/24 dev eth0; ip -n ext2 link set eth0 up; ip -n ext2 link set lo up
for n in ext ext2; do ip -n $n addr add 9.9.9.9/32 dev lo; done
iptables -t mangle -A PREROUTING -i docker0 -s 172.17.0.3 -j MARK --set-mark 2
iptables -t mangle -A OUTPUT -p udp -j MARK --set-mark 2
ip rule add fwmark 2 lookup 200; ip route add default via 10.1.0.2 table 200
iptables -t nat -A POSTROUTING -o eth+ -j MASQUERADE
sysctl -qw net.ipv4.conf.all.rp_filter=2
iptables -t mangle -A POSTROUTING -o eth+ -j LOG --log-prefix "out "
ip netns exec c1 ping -c 1 9.9.9.9
ip netns exec c2 ping -c 1 9.9.9.9
ping -c 1 9.9.9.9
echo x | nc -u -w 1 9.9.9.9 53
ip route get 9.9.9.9 mark 2; ip route get 9.9.9.9 from 172.17.0.3 iif docker0 mark 2
conntrack -L
ip rule; ip route show table 200
