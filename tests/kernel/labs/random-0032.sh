# random lab 32
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
sysctl -qw net.bridge.bridge-nf-call-iptables=0
sysctl -qw net.ipv4.ip_forward=0
ip link set eth0 mtu 1300
bridge link set dev v03 isolated on
bridge link set dev v02 isolated on
ip addr add 172.28.0.1/24 dev br0
ip -n c03 addr add 172.28.0.2/24 dev eth0
iptables -N USER0
iptables -A INPUT -s 172.20.0.0/16 -g USER0
iptables -A OUTPUT -m limit --limit 1/hour --limit-burst 2 -g USER0
iptables -A OUTPUT ! -s 172.20.0.0/16 ! -o br+ -p tcp -m tcp --dport 80 -m mark ! --mark 0x2/0x2 -j REJECT --reject-with icmp-admin-prohibited
iptables -A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j DROP
iptables -t raw -I PREROUTING -p icmp -j TRACE
iptables -t raw -I OUTPUT -p icmp -j TRACE
ip netns exec c03 nc -k -l -p 80 > /dev/null &
sleep 0.2
ip netns exec c02 ping -c 1 -W 0.5 -s 10 172.20.0.3 > /dev/null 2>&1
ip netns exec gw nc -z -w 2 172.28.0.2 8080
ip netns exec gw nc -z -w 2 172.28.0.2 81
sleep 0.1
for t in $(cat /proc/net/ip_tables_names); do echo "== $t"; iptables -t $t -nvL --line-numbers; done
conntrack -L 2>/dev/null | sort -k 4
