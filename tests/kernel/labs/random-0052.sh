# random lab 52
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
sysctl -qw net.ipv4.ip_forward=0
ip route add prohibit 203.0.113.0/24
ip rule add from 172.20.0.2 table 78
ip route add 172.29.0.0/24 via 172.20.0.2
ip -n c02 addr add 172.29.0.1/24 dev lo
ebtables -t broute -A BROUTING -p ipv4 --log-level 6 --log-ip --log-prefix "eb:broute:BROUTING" -j ACCEPT
ebtables -t nat -A PREROUTING -p ipv4 --log-level 6 --log-ip --log-prefix "eb:nat:PREROUTING" -j CONTINUE
ebtables -t nat -A OUTPUT -p ipv4 --log-level 6 --log-ip --log-prefix "eb:nat:OUTPUT" -j ACCEPT
ebtables -t filter -A INPUT -p ipv4 --log-level 6 --log-ip --log-prefix "eb:filter:INPUT" -j CONTINUE
ebtables -t filter -A FORWARD -p ipv4 --log-level 6 --log-ip --log-prefix "eb:filter:FORWARD" -j ACCEPT
ebtables -t filter -A FORWARD -p arp --log-level 6 --log-arp --log-prefix "arp:filter:FORWARD" -j CONTINUE
ebtables -t filter -A OUTPUT -p ipv4 --log-level 6 --log-ip --log-prefix "eb:filter:OUTPUT" -j CONTINUE
iptables -t mangle -nL > /dev/null
iptables -t security -nL > /dev/null
iptables -A INPUT -s 10.1.0.1 -d 172.20.0.2 -j LOG --log-prefix "log "
iptables -A FORWARD -d 198.51.100.9 -p udp -m connmark --mark 0x5 -j ACCEPT
iptables -t mangle -A INPUT -m conntrack --ctstate INVALID -j MARK --set-mark 0x1
iptables -t raw -A PREROUTING -p tcp -m tcp --sport 80 -m addrtype ! --dst-type UNICAST -j RETURN
iptables -t mangle -A PREROUTING -p icmp -j TTL --ttl-set 9
iptables -t raw -I PREROUTING -m comment --comment all ! -p igmp -j TRACE
iptables -t raw -I OUTPUT -m comment --comment all ! -p igmp -j TRACE
ip netns exec gw nc -u -l -p 80 > /dev/null &
sleep 0.2
echo hi | ip netns exec c03 nc -u -w 1 172.29.0.1 80
ip netns exec c02 nc -z -w 2 10.1.0.254 81
sleep 0.1
for t in $(cat /proc/net/ip_tables_names); do echo "== $t"; iptables -t $t -nvL --line-numbers; done
conntrack -L 2>/dev/null | sort -k 4
