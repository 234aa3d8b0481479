# What a promiscuous bridge passes up has lost its conntrack entry, a broadcast as well.
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
ip netns add c04
ip netns exec c04 sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
ip -n c04 link set lo up
ip link add v04 address 02:99:00:00:00:04 type veth peer name eth0 netns c04 address 02:42:ac:14:00:04
ip link set v04 master br0 up
ip netns exec c04 sysctl -qw net.ipv4.neigh.eth0.delay_first_probe_time=60
ip -n c04 link set eth0 up
ip -n c04 addr add 172.20.0.4/16 dev eth0
ip -n c04 route add default via 172.20.0.1
bridge link set dev v04 hairpin on
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
ip route add unreachable 203.0.113.0/24
ip link set eth0 mtu 1300
sysctl -qw net.ipv4.conf.all.accept_local=1
ip link set br0 promisc on
ebtables -t nat -A PREROUTING -p ipv4 --log-level 6 --log-ip --log-prefix "eb:nat:PREROUTING" -j CONTINUE
ebtables -t nat -A OUTPUT -p arp --log-level 6 --log-arp --log-prefix "arp:nat:OUTPUT" -j CONTINUE
ebtables -t nat -A POSTROUTING -p ipv4 --log-level 6 --log-ip --log-prefix "eb:nat:POSTROUTING" -j ACCEPT
ebtables -t filter -A INPUT -p ipv4 --log-level 6 --log-ip --log-prefix "eb:filter:INPUT" -j ACCEPT
ebtables -t filter -A FORWARD -p ipv4 --log-level 6 --log-ip --log-prefix "eb:filter:FORWARD" -j CONTINUE
iptables -t mangle -nL > /dev/null
iptables -t security -nL > /dev/null
iptables -t nat -A POSTROUTING -s 172.16.0.0/12 ! -o br0 -j MASQUERADE
iptables -N USER0
iptables -N USER1
iptables -A USER1 -j ACCEPT
iptables -A USER1 -p udp -m pkttype --pkt-type unicast -j RETURN
iptables -A FORWARD -o br0 ! -f -m conntrack --ctstate DNAT -j LOG --log-prefix "log "
iptables -A OUTPUT -p tcp -m tcp --dport 1:1023 -j NFLOG --nflog-group 1 --nflog-prefix seen
iptables -A FORWARD -i br0 -p icmp -j REJECT --reject-with icmp-net-unreachable
iptables -A FORWARD -s 10.1.0.1 -j LOG --log-level debug --log-tcp-options
iptables -t raw -I PREROUTING -p icmp -j TRACE
iptables -t raw -I OUTPUT -p icmp -j TRACE
sleep 0.2
ip netns exec c02 ping -c 1 -W 0.5 -b 172.20.255.255 > /dev/null 2>&1
ip netns exec c02 ping -c 1 -W 0.5 172.20.0.3 > /dev/null 2>&1
ip netns exec c03 ping -c 1 -W 0.5 172.20.0.1 > /dev/null 2>&1
for t in $(cat /proc/net/ip_tables_names); do echo "== $t"; iptables -t $t -nvL --line-numbers; done
conntrack -L 2>/dev/null | sort -k 4
iptables-save -c | grep -v '^#'
for t in broute nat filter; do ebtables -t $t -L --Lc --Ln; done
