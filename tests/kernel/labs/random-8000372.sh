# random lab 8000372
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
ip -n gw route add 172.16.0.0/12 via 10.1.0.1
ip link set v02 down
bridge fdb add 02:42:ac:99:00:01 dev v02 master static
ebtables -t nat -A PREROUTING -p ipv4 --log-level 6 --log-ip --log-prefix "eb:nat:PREROUTING" -j ACCEPT
ebtables -t nat -A OUTPUT -p ipv4 --log-level 6 --log-ip --log-prefix "eb:nat:OUTPUT" -j ACCEPT
ebtables -t nat -A POSTROUTING -p ipv4 --log-level 6 --log-ip --log-prefix "eb:nat:POSTROUTING" -j ACCEPT
ebtables -t filter -A INPUT -p ipv4 --log-level 6 --log-ip --log-prefix "eb:filter:INPUT" -j CONTINUE
ebtables -t filter -A FORWARD -p ipv4 --log-level 6 --log-ip --log-prefix "eb:filter:FORWARD" -j ACCEPT
ebtables -t filter -A FORWARD -p arp --log-level 6 --log-arp --log-prefix "arp:filter:FORWARD" -j CONTINUE
ebtables -t filter -A OUTPUT -p ipv4 --log-level 6 --log-ip --log-prefix "eb:filter:OUTPUT" -j CONTINUE
iptables -t security -nL > /dev/null
iptables -N USER0
iptables -A USER0 -p udp -m udp --dport 53 -m connmark --mark 0x5 -j LOG
iptables -A USER0 -j ACCEPT
iptables -A FORWARD ! -o lo -p udp -m udp --dport 53 -m conntrack --ctstate NEW -j USER0
iptables -A FORWARD -d 172.20.0.3 -i br+ -o br+ -j REJECT --reject-with icmp-host-prohibited
iptables -A INPUT -p icmp -j LOG --log-macdecode
iptables -A INPUT -g USER0
iptables -A FORWARD -p icmp -j REJECT --reject-with icmp-host-prohibited
iptables -t raw -I PREROUTING -m comment --comment all ! -p igmp -j TRACE
iptables -t raw -I OUTPUT -m comment --comment all ! -p igmp -j TRACE
ip netns exec c02 nc -u -l -p 80 > /dev/null &
ip netns exec gw nc -k -l -p 80 > /dev/null &
sleep 0.2
nc -z -w 2 172.28.0.2 81
ping -c 1 -W 0.5 -b 172.20.255.255 > /dev/null 2>&1
sleep 3.3
for t in $(cat /proc/net/ip_tables_names); do echo "== $t"; iptables -t $t -nvL --line-numbers; done
conntrack -L 2>/dev/null | sort -k 4
ebtables -t filter -L --Lc
