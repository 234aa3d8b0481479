# random lab 11
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
ip netns add c14
ip netns exec c14 sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
ip -n c14 link set lo up
ip link add v14 address 02:99:00:00:01:04 type veth peer name eth0 netns c14 address 02:42:ac:15:00:04
ip link set v14 master br1 up
ip -n c14 link set eth0 up
ip -n c14 addr add 172.21.0.4/16 dev eth0
ip -n c14 route add default via 172.21.0.1
bridge link set dev v14 hairpin on
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
ip addr add 10.1.0.3/24 dev eth0
iptables -t mangle -nL > /dev/null
iptables -t security -nL > /dev/null
iptables -t nat -A POSTROUTING -s 172.16.0.0/12 ! -o br0 -j MASQUERADE
iptables -t nat -A INPUT -j LOG --log-prefix "natin "
iptables -N USER0
iptables -A USER0 -p tcp -m tcp ! --dport 80 -j DROP
iptables -A INPUT -s 172.20.0.2 -p icmp -m addrtype ! --dst-type UNICAST -j USER0
iptables -A FORWARD ! -d 172.20.0.2 -i lo -o lo -j REJECT
iptables -A OUTPUT -d 10.1.0.1 -p icmp -j RETURN
iptables -A INPUT -d 10.1.0.1 -p icmp -m connmark --mark 0x5 -j REJECT --reject-with icmp-host-prohibited
iptables -P INPUT DROP
iptables -t raw -A PREROUTING -d 172.20.0.0/16 -i eth0 -j DROP
iptables -t raw -A PREROUTING ! -s 10.1.0.1 -d 10.1.0.1 -j ACCEPT
iptables -t raw -I PREROUTING -m comment --comment all ! -p igmp -j TRACE
iptables -t raw -I OUTPUT -m comment --comment all ! -p igmp -j TRACE
nc -k -l -p 80 > /dev/null &
sleep 0.2
ip netns exec c12 ping -c 1 -W 0.5 -e 4321 172.21.0.2 > /dev/null 2>&1
ip netns exec c12 ping -c 1 -W 0.5 -s 10 172.20.0.2 > /dev/null 2>&1
ip netns exec c03 nc -z -w 2 172.21.0.4 8080
sleep 0.1
for t in $(cat /proc/net/ip_tables_names); do echo "== $t"; iptables -t $t -nvL --line-numbers; done
conntrack -L 2>/dev/null | sort -k 4
