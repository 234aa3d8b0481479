# random lab 1
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
ip -n gw route add 172.16.0.0/12 via 10.1.0.1
ip route add unreachable 203.0.113.0/24
ip route add 172.29.0.0/24 via 172.20.0.2
ip -n c02 addr add 172.29.0.1/24 dev lo
ebtables -t broute -A BROUTING -p ipv4 --log-level 6 --log-ip --log-prefix "eb:broute:BROUTING" -j CONTINUE
ebtables -t broute -A BROUTING -p arp --log-level 6 --log-arp --log-prefix "arp:broute:BROUTING" -j CONTINUE
ebtables -t nat -A PREROUTING -p ipv4 --log-level 6 --log-ip --log-prefix "eb:nat:PREROUTING" -j ACCEPT
ebtables -t nat -A OUTPUT -p ipv4 --log-level 6 --log-ip --log-prefix "eb:nat:OUTPUT" -j ACCEPT
ebtables -t filter -A FORWARD -p ipv4 --log-level 6 --log-ip --log-prefix "eb:filter:FORWARD" -j CONTINUE
ebtables -t filter -A FORWARD -p arp --log-level 6 --log-arp --log-prefix "arp:filter:FORWARD" -j CONTINUE
ebtables -t filter -A OUTPUT -p ipv4 --log-level 6 --log-ip --log-prefix "eb:filter:OUTPUT" -j CONTINUE
iptables -t mangle -nL > /dev/null
iptables -N USER0
iptables -A USER0 -j LOG
iptables -A USER0 -s 198.51.100.9 -p udp -j ACCEPT
iptables -A INPUT -p udp -j USER0
iptables -A FORWARD -p udp -j REJECT --reject-with icmp-admin-prohibited
iptables -A FORWARD -j REJECT
iptables -A FORWARD ! -d 172.20.0.0/16 ! -o br+ -p udp -m udp --dport 53 -j LOG --log-macdecode
iptables -t mangle -A FORWARD -s 172.20.0.0/16 -j MARK --or-mark 0x2
iptables -t raw -A OUTPUT -s 172.20.0.0/16 -m iprange --src-range 172.20.0.2-172.20.0.3 -j ACCEPT
iptables -t raw -A PREROUTING -p udp -j ACCEPT
iptables -t raw -I PREROUTING -m comment --comment all ! -p igmp -j TRACE
iptables -t raw -I OUTPUT -m comment --comment all ! -p igmp -j TRACE
nc -k -l -p 80 > /dev/null &
ip netns exec gw nc -k -l -p 80 > /dev/null &
sleep 0.2
ip netns exec c02 ping -c 1 -W 0.5 -t 1 198.51.100.9 > /dev/null 2>&1
conntrack -D -p icmp > /dev/null 2>&1
echo hi | ip netns exec c03 nc -u -w 1 10.55.0.3 80
sleep 0.1
for t in $(cat /proc/net/ip_tables_names); do echo "== $t"; iptables -t $t -nvL --line-numbers; done
conntrack -L 2>/dev/null | sort -k 4
