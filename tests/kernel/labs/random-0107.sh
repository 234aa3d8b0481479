# random lab 107
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
ip netns add c04
ip netns exec c04 sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
ip -n c04 link set lo up
ip link add v04 address 02:99:00:00:00:04 type veth peer name eth0 netns c04 address 02:42:ac:14:00:04
ip link set v04 master br0 up
ip -n c04 link set eth0 up
ip -n c04 addr add 172.20.0.4/16 dev eth0
ip -n c04 route add default via 172.20.0.1
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
iptables -t nat -A POSTROUTING -s 172.16.0.0/12 ! -o br0 -j MASQUERADE
iptables -t nat -A PREROUTING ! -i br0 -p tcp --dport 8080 -j DNAT --to-destination 172.20.0.2:80
iptables -t nat -A OUTPUT -p tcp --dport 8080 -j DNAT --to-destination 172.20.0.2:80
iptables -t nat -A POSTROUTING -s 172.20.0.2 -d 172.20.0.2 -j MASQUERADE
iptables -N USER0
iptables -N USER1
iptables -A USER0 -j DROP
iptables -A FORWARD -j REJECT --reject-with icmp-host-prohibited
iptables -A OUTPUT -j RETURN
iptables -t mangle -A FORWARD -j TTL --ttl-dec 1
iptables -t raw -I PREROUTING -p icmp -j TRACE
iptables -t raw -I OUTPUT -p icmp -j TRACE
ip netns exec gw nc -u -l -p 80 > /dev/null &
ip netns exec c04 nc -k -l -p 80 > /dev/null &
sleep 0.2
ip netns exec gw nc -z -w 2 10.1.0.254 8080
ip netns exec gw ping -c 1 -W 0.5 10.1.0.254 > /dev/null 2>&1
(sleep 0.2; echo hello) | ip netns exec c03 nc -N -w 2 172.20.0.2 80
sleep 0.1
for t in $(cat /proc/net/ip_tables_names); do echo "== $t"; iptables -t $t -nvL --line-numbers; done
conntrack -L 2>/dev/null | sort -k 4
ebtables -t filter -L --Lc
ip route; ip addr show dev eth0
