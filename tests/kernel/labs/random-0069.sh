# random lab 69
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
bridge link set dev v03 hairpin on
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
sysctl -qw net.ipv4.conf.all.route_localnet=1
bridge link set dev v03 flood off
ebtables -t broute -A BROUTING -p ipv4 --log-level 6 --log-ip --log-prefix "eb:broute:BROUTING" -j CONTINUE
ebtables -t broute -A BROUTING -p arp --log-level 6 --log-arp --log-prefix "arp:broute:BROUTING" -j CONTINUE
ebtables -t nat -A PREROUTING -p ipv4 --log-level 6 --log-ip --log-prefix "eb:nat:PREROUTING" -j CONTINUE
ebtables -t nat -A PREROUTING -p arp --log-level 6 --log-arp --log-prefix "arp:nat:PREROUTING" -j CONTINUE
ebtables -t filter -A INPUT -p ipv4 --log-level 6 --log-ip --log-prefix "eb:filter:INPUT" -j ACCEPT
ebtables -t filter -A FORWARD -p ipv4 --log-level 6 --log-ip --log-prefix "eb:filter:FORWARD" -j ACCEPT
ebtables -t filter -A FORWARD -p arp --log-level 6 --log-arp --log-prefix "arp:filter:FORWARD" -j CONTINUE
ebtables -N USER -P RETURN
ebtables -A USER -p ipv4 --ip-proto icmp --log-prefix "eb-user" -j ACCEPT
ebtables -I FORWARD 1 -j USER
iptables -t mangle -nL > /dev/null
iptables -t security -nL > /dev/null
iptables -t nat -A POSTROUTING -s 172.16.0.0/12 ! -o br0 -j MASQUERADE
iptables -t nat -A PREROUTING ! -i br0 -p udp --dport 8080 -j DNAT --to-destination 172.20.0.3:80
iptables -t nat -A PREROUTING -p icmp -d 10.1.0.1 -j DNAT --to-destination 172.20.0.3
iptables -t nat -A PREROUTING -p tcp --dport 81 -j REDIRECT --to-ports 80
iptables -N USER0
iptables -A OUTPUT -p udp -m udp --sport 53 -j USER0
iptables -A OUTPUT -o lo -m conntrack --ctstate RELATED,ESTABLISHED -j LOG --log-uid --log-level 6
iptables -A FORWARD ! -s 172.20.0.3 -j RETURN
iptables -A INPUT -i lo -j REJECT --reject-with icmp-admin-prohibited
iptables -t raw -I PREROUTING -p icmp -j TRACE
iptables -t raw -I OUTPUT -p icmp -j TRACE
ip netns exec c02 nc -k -l -p 80 > /dev/null &
sleep 0.2
ip netns exec gw ping -c 1 -W 0.5 172.20.0.2 > /dev/null 2>&1
ip netns exec gw ping -c 1 -W 0.5 172.20.0.99 > /dev/null 2>&1
sleep 0.1
for t in $(cat /proc/net/ip_tables_names); do echo "== $t"; iptables -t $t -nvL --line-numbers; done
conntrack -L 2>/dev/null | sort -k 4
iptables-save -c | grep -v '^#'
