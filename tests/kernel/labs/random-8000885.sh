# random lab 8000885
ip link add br0 address 02:4e:46:00:00:01 type bridge mcast_snooping 0
ip addr add 172.20.0.1/16 dev br0
sysctl -qw net.ipv4.neigh.br0.delay_first_probe_time=60
ip link set br0 up
ip netns add c02
ip netns exec c02 sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
ip -n c02 link set lo up
ip link add v02 address 02:99:00:00:00:02 type veth peer name eth0 netns c02 address 02:42:ac:14:00:02
ip link set v02 master br0 up
ip netns exec c02 sysctl -qw net.ipv4.neigh.eth0.delay_first_probe_time=60
ip -n c02 link set eth0 up
ip -n c02 addr add 172.20.0.2/16 dev eth0
ip -n c02 route add default via 172.20.0.1
ip netns add c03
ip netns exec c03 sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
ip -n c03 link set lo up
ip link add v03 address 02:99:00:00:00:03 type veth peer name eth0 netns c03 address 02:42:ac:14:00:03
ip link set v03 master br0 up
ip netns exec c03 sysctl -qw net.ipv4.neigh.eth0.delay_first_probe_time=60
ip -n c03 link set eth0 up
ip -n c03 addr add 172.20.0.3/16 dev eth0
ip -n c03 route add default via 172.20.0.1
ip netns add gw
ip netns exec gw sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
ip -n gw link set lo up
ip link add eth0 address 02:4e:46:00:09:01 type veth peer name eth0 netns gw address 02:4e:46:00:09:02
ip addr add 10.1.0.1/24 dev eth0
sysctl -qw net.ipv4.neigh.eth0.delay_first_probe_time=60
ip netns exec gw sysctl -qw net.ipv4.neigh.eth0.delay_first_probe_time=60
ip link set eth0 up
ip -n gw link set eth0 up
ip -n gw addr add 10.1.0.254/24 dev eth0
ip -n gw addr add 198.51.100.9/32 dev lo
ip route add default via 10.1.0.254
ip addr add 172.28.0.1/24 dev br0
ip -n c03 addr add 172.28.0.2/24 dev eth0
ebtables -t broute -A BROUTING -p arp --log-level 6 --log-arp --log-prefix "arp:broute:BROUTING" -j CONTINUE
ebtables -t nat -A PREROUTING -p arp --log-level 6 --log-arp --log-prefix "arp:nat:PREROUTING" -j CONTINUE
ebtables -t nat -A OUTPUT -p ipv4 --log-level 6 --log-ip --log-prefix "eb:nat:OUTPUT" -j ACCEPT
ebtables -t nat -A POSTROUTING -p arp --log-level 6 --log-arp --log-prefix "arp:nat:POSTROUTING" -j CONTINUE
ebtables -t filter -A INPUT -p ipv4 --log-level 6 --log-ip --log-prefix "eb:filter:INPUT" -j CONTINUE
ebtables -t filter -A INPUT -p arp --log-level 6 --log-arp --log-prefix "arp:filter:INPUT" -j CONTINUE
ebtables -t filter -A FORWARD -p ipv4 --log-level 6 --log-ip --log-prefix "eb:filter:FORWARD" -j CONTINUE
iptables -t security -nL > /dev/null
iptables -t raw -A PREROUTING -s 172.20.0.2 -d 172.20.0.0/16 -p icmp -j CT --notrack
iptables -t raw -A PREROUTING -s 172.20.0.0/16 -d 172.20.0.2 -i br+ -p udp -m udp --dport 53 -j DROP
iptables -t raw -I PREROUTING -p tcp -j TRACE
iptables -t raw -I OUTPUT -p tcp -j TRACE
ip netns exec c03 nc -u -l -p 80 > /dev/null &
nc -u -l -p 80 > /dev/null &
sleep 0.2
conntrack -D -p icmp > /dev/null 2>&1
ping -c 1 -W 0.5 172.20.0.99 > /dev/null 2>&1
conntrack -D -p icmp > /dev/null 2>&1
ip netns exec c02 nc -z -w 2 172.28.0.2 81
sleep 3.3
for t in $(cat /proc/net/ip_tables_names); do echo "== $t"; iptables -t $t -nvL --line-numbers; done
conntrack -L 2>/dev/null | sort -k 4
ebtables -t filter -L --Lc
