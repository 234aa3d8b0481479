ip link add docker0 address 02:42:7d:11:22:33 type bridge mcast_snooping 0
ip addr add 172.17.0.1/16 dev docker0
ip link set docker0 up
ip netns add c1
ip netns exec c1 sysctl -qw net.ipv6.conf.all.disable_ipv6=1
ip link add veth2 type veth peer name eth0 netns c1 address 02:42:ac:11:00:02
ip link set veth2 master docker0 up
ip -n c1 link set lo up
ip -n c1 link set eth0 up
ip -n c1 addr add 172.17.0.2/16 dev eth0
ip -n c1 route add default via 172.17.0.1
ip netns add c2
ip netns exec c2 sysctl -qw net.ipv6.conf.all.disable_ipv6=1
ip link add veth3 type veth peer name eth0 netns c2 address 02:42:ac:11:00:03
ip link set veth3 master docker0 up
ip -n c2 link set lo up
ip -n c2 link set eth0 up
ip -n c2 addr add 172.17.0.3/16 dev eth0
ip -n c2 route add default via 172.17.0.1
ip netns add gw
ip netns exec gw sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv4.ip_forward=1
ip link add wan0 address 02:00:00:00:01:02 type veth peer name eth0 netns gw address 02:00:00:00:01:01
ip addr add 192.0.2.2/24 dev wan0
ip link set wan0 up
ip -n gw link set lo up
ip -n gw link set eth0 up
ip -n gw addr add 192.0.2.1/24 dev eth0
ip route add default via 192.0.2.1
ip netns add gw2
ip netns exec gw2 sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv4.ip_forward=1
ip link add wan1 address 02:00:00:00:02:02 type veth peer name eth0 netns gw2 address 02:00:00:00:02:01
ip addr add 198.51.100.2/24 dev wan1
ip link set wan1 up
ip -n gw2 link set lo up
ip -n gw2 link set eth0 up
ip -n gw2 addr add 198.51.100.1/24 dev eth0
ip -n gw addr add 203.0.113.9/32 dev lo
ip -n gw2 addr add 203.0.113.9/32 dev lo
ip -n gw route add 172.17.0.0/16 via 192.0.2.2
ip -n gw2 route add 172.17.0.0/16 via 198.51.100.2
ip route add default via 198.51.100.1 table 200
ip rule add not fwmark 0xca6c lookup 200 pref 300
ip rule add lookup main suppress_prefixlength 0 pref 200
ip rule add from 172.17.0.3 iif docker0 lookup main pref 100
ip rule
iptables -A FORWARD -j LOG --log-prefix "fwd "
iptables -t mangle -A OUTPUT -j LOG --log-prefix "mo "
ip netns exec c1 ping -c 1 203.0.113.9
ip netns exec c2 ping -c 1 203.0.113.9
ping -c 1 203.0.113.9
ping -c 1 -m 51820 203.0.113.9
ip route get 203.0.113.9
ip route get 203.0.113.9 mark 0xca6c
ip route get 192.0.2.1
ip rule del pref 200
ip route get 192.0.2.1
ping -c 1 -W 1 192.0.2.1
ip rule del pref 300
ip route add throw 203.0.113.0/24 table 200
ip rule add lookup 200 pref 50
ip route get 203.0.113.9
ip route show table all | grep -v -e local -e broadcast
