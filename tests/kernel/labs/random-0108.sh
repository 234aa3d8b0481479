# random lab 108
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
sysctl -qw net.ipv4.ip_default_ttl=5
bridge link set dev v02 learning off
ebtables -t broute -A BROUTING -p ipv4 --log-level 6 --log-ip --log-prefix "eb:broute:BROUTING" -j CONTINUE
ebtables -t broute -A BROUTING -p arp --log-level 6 --log-arp --log-prefix "arp:broute:BROUTING" -j CONTINUE
ebtables -t nat -A POSTROUTING -p ipv4 --log-level 6 --log-ip --log-prefix "eb:nat:POSTROUTING" -j CONTINUE
ebtables -t nat -A POSTROUTING -p arp --log-level 6 --log-arp --log-prefix "arp:nat:POSTROUTING" -j CONTINUE
ebtables -t filter -A FORWARD -p ipv4 --log-level 6 --log-ip --log-prefix "eb:filter:FORWARD" -j ACCEPT
ebtables -t filter -A FORWARD -p arp --log-level 6 --log-arp --log-prefix "arp:filter:FORWARD" -j CONTINUE
iptables -t nat -A PREROUTING ! -i br0 -p tcp --dport 8080 -j DNAT --to-destination 172.20.0.2:80
iptables -t nat -A OUTPUT -p tcp --dport 8080 -j DNAT --to-destination 172.20.0.2:80
iptables -t nat -A INPUT -j LOG --log-prefix "natin "
iptables -N USER0
iptables -N USER1
iptables -A USER0 -d 172.20.0.0/16 -m pkttype --pkt-type unicast -j ACCEPT
iptables -A FORWARD -p tcp -m conntrack --ctstate INVALID -j USER0
iptables -A FORWARD -s 10.1.0.1 -d 198.51.100.9 ! -i eth0 -o br0 -p udp -j DROP
iptables -A OUTPUT -p udp -j REJECT
iptables -P INPUT DROP
iptables -t mangle -A POSTROUTING -d 198.51.100.9 -p icmp -j MARK --or-mark 0x2
iptables -t mangle -A OUTPUT -m conntrack --ctstate RELATED,ESTABLISHED -j MARK --set-mark 0x1
iptables -t raw -I PREROUTING -p udp -j TRACE
iptables -t raw -I OUTPUT -p udp -j TRACE
ip netns exec c02 nc -u -l -p 80 > /dev/null &
sleep 0.2
(sleep 0.2; echo hello) | ip netns exec c02 nc -N -w 2 198.51.100.9 80
echo hi | nc -u -w 1 172.20.0.2 8080
sleep 0.1
for t in $(cat /proc/net/ip_tables_names); do echo "== $t"; iptables -t $t -nvL --line-numbers; done
conntrack -L 2>/dev/null | sort -k 4
