# The errors that one host sends are limited over all its reasons; they come back through two NATs.
ip link add docker0 address 02:42:7d:11:22:33 type bridge mcast_snooping 0
ip addr add 172.17.0.1/16 dev docker0
ip link set docker0 up
ip netns add c1
ip netns exec c1 sysctl -qw net.ipv6.conf.all.disable_ipv6=1
ip -n c1 link set lo up
ip link add vc1 type veth peer name eth0 netns c1 address 02:42:ac:11:00:02
ip link set vc1 master docker0 up
ip -n c1 link set eth0 up
ip -n c1 addr add 172.17.0.2/16 dev eth0
ip -n c1 route add default via 172.17.0.1
ip netns add gw
ip netns exec gw sysctl -qw net.ipv6.conf.all.disable_ipv6=1
ip -n gw link set lo up
ip link add eth0 address 02:00:00:00:01:0a type veth peer name lan netns gw address 02:00:00:00:01:01
ip addr add 192.168.1.10/24 dev eth0
ip link set eth0 up
ip -n gw addr add 192.168.1.1/24 dev lan
ip -n gw link set lan up
ip netns exec gw sysctl -qw net.ipv4.ip_forward=1
ip route add default via 192.168.1.1
ip netns add wan
ip netns exec wan sysctl -qw net.ipv6.conf.all.disable_ipv6=1
ip -n wan link set lo up
ip link add wan0 netns gw address 02:00:00:00:02:01 type veth peer name eth0 netns wan address 02:00:00:00:02:64
ip -n gw addr add 203.0.113.1/24 dev wan0
ip -n gw link set wan0 up
ip -n wan addr add 203.0.113.100/24 dev eth0
ip -n wan link set eth0 up
ip -n wan route add default via 203.0.113.1
ip netns exec gw iptables -t nat -A POSTROUTING -o wan0 -j MASQUERADE
ip netns exec gw iptables -A FORWARD -p icmp -m conntrack --ctstate RELATED -j LOG --log-prefix "gw rel "
iptables -t nat -A POSTROUTING -s 172.17.0.0/16 -o eth0 -j MASQUERADE
iptables -t mangle -A PREROUTING -p icmp -m conntrack --ctstate RELATED -j LOG --log-prefix "host rel "
iptables -t mangle -A POSTROUTING -p icmp -m conntrack --ctstate RELATED -j LOG --log-prefix "host rel post "
ip netns exec c1 iptables -A INPUT -p icmp -j LOG --log-prefix "c1 "
ip -n wan route add unreachable 10.99.0.0/16
ip netns exec wan sysctl -w net.ipv4.ip_forward=1
ip -n gw route add 10.99.0.0/16 via 203.0.113.100
ip -n wan link set eth0 mtu 1400
iptables -t raw -A PREROUTING -p icmp -j TRACE
iptables -t raw -A OUTPUT -p icmp -j TRACE
ip netns exec c1 sh -c 'echo q | nc -u -w 1 203.0.113.100 53'
ip netns exec c1 ping -c 1 -W 1 10.99.0.1
ip netns exec c1 nc -v -w 2 10.99.0.1 80
ip -n gw link set wan0 mtu 1300
ip netns exec c1 ping -c 1 -W 1 -M do -s 1400 203.0.113.100
ip netns exec c1 ping -c 1 -W 1 -M do -s 1400 203.0.113.100
ip -n c1 route get 203.0.113.100
ip netns exec c1 traceroute -n -q 1 -w 1 -m 4 203.0.113.100
ip netns exec gw iptables -nvL FORWARD
iptables -t mangle -nvL
conntrack -L
ip netns exec gw conntrack -L
