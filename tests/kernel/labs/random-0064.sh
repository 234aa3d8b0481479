# random lab 64
ip link add br0 address 02:4e:46:00:00:01 type bridge mcast_snooping 0
ip addr add 172.20.0.1/16 dev br0
ip link set br0 up
ip netns add c02
ip netns exec c02 sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
ip -n c02 link set lo up
ip link add v02 address 02:99:00:00:00:02 type veth peer name eth0 netns c02 address 02:42:ac:14:00:02
ip link set v02 master br0 up
ip -n c02 link set eth0 up
ip -n c02 addr add 172.20.0.2/16 dev eth0
ip -n c02 route add default via 172.20.0.1
ip netns add c03
ip netns exec c03 sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
ip -n c03 link set lo up
ip link add v03 address 02:99:00:00:00:03 type veth peer name eth0 netns c03 address 02:42:ac:14:00:03
ip link set v03 master br0 up
ip -n c03 link set eth0 up
ip -n c03 addr add 172.20.0.3/16 dev eth0
ip -n c03 route add default via 172.20.0.1
ip link add br1 address 02:4e:46:00:01:01 type bridge mcast_snooping 0
ip addr add 172.21.0.1/16 dev br1
ip link set br1 up
ip netns add c12
ip netns exec c12 sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
ip -n c12 link set lo up
ip link add v12 address 02:99:00:00:01:02 type veth peer name eth0 netns c12 address 02:42:ac:15:00:02
ip link set v12 master br1 up
ip -n c12 link set eth0 up
ip -n c12 addr add 172.21.0.2/16 dev eth0
ip -n c12 route add default via 172.21.0.1
ip netns add c13
ip netns exec c13 sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
ip -n c13 link set lo up
ip link add v13 address 02:99:00:00:01:03 type veth peer name eth0 netns c13 address 02:42:ac:15:00:03
ip link set v13 master br1 up
ip -n c13 link set eth0 up
ip -n c13 addr add 172.21.0.3/16 dev eth0
ip -n c13 route add default via 172.21.0.1
ip netns add gw
ip netns exec gw sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
ip -n gw link set lo up
ip link add eth0 address 02:4e:46:00:09:01 type veth peer name eth0 netns gw address 02:4e:46:00:09:02
ip addr add 10.1.0.1/24 dev eth0
ip link set eth0 up
ip -n gw link set eth0 up
ip -n gw addr add 10.1.0.254/24 dev eth0
ip -n gw addr add 198.51.100.9/32 dev lo
ip route add default via 10.1.0.254
sysctl -qw net.ipv4.conf.all.rp_filter=1
iptables -A FORWARD ! -s 198.51.100.9 -j LOG --log-macdecode
iptables -A FORWARD ! -s 172.20.0.0/16 ! -d 10.1.0.1 -j LOG --log-macdecode
iptables -A INPUT -s 172.20.0.0/16 -p icmp -j REJECT --reject-with icmp-host-prohibited
iptables -A FORWARD -s 10.1.0.1 ! -d 172.21.0.2 ! -o br+ -m conntrack ! --ctstate NEW -j REJECT --reject-with icmp-host-prohibited
iptables -A INPUT -i br+ -j RETURN
iptables -t raw -I PREROUTING -m comment --comment all ! -p igmp -j TRACE
iptables -t raw -I OUTPUT -m comment --comment all ! -p igmp -j TRACE
ip netns exec c12 nc -u -l -p 80 > /dev/null &
sleep 0.2
echo hi | nc -u -w 1 172.20.0.2 53
ip netns exec c13 nc -z -w 2 172.21.0.2 8080
sleep 0.1
for t in $(cat /proc/net/ip_tables_names); do echo "== $t"; iptables -t $t -nvL --line-numbers; done
conntrack -L 2>/dev/null | sort -k 4
