# Policy routing that refuses: for senders, for destinations, for marks, in FORWARD and for local processes.
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
ip netns add c2
ip netns exec c2 sysctl -qw net.ipv6.conf.all.disable_ipv6=1
ip -n c2 link set lo up
ip link add vc2 type veth peer name eth0 netns c2 address 02:42:ac:11:00:03
ip link set vc2 master docker0 up
ip -n c2 link set eth0 up
ip -n c2 addr add 172.17.0.3/16 dev eth0
ip -n c2 route add default via 172.17.0.1
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
ip route add default via 192.168.1.1 table 7
ip rule add iif docker0 lookup 7 pref 500
ip rule add from 172.17.0.3 prohibit pref 400
ip rule add to 198.51.100.0/24 blackhole pref 300
ip rule add fwmark 3 unreachable pref 200
iptables -t mangle -A PREROUTING -p udp -j MARK --set-mark 3
iptables -t mangle -A OUTPUT -p udp --dport 53 -j MARK --set-mark 3
iptables -t nat -A POSTROUTING -o eth0 -j MASQUERADE
iptables -t raw -A PREROUTING  -j TRACE
iptables -t raw -A OUTPUT  -j TRACE
ip netns exec c1 ping -c 1 203.0.113.100
ip netns exec c2 ping -c 1 -W 1 203.0.113.100
ip netns exec c1 ping -c 1 -W 1 198.51.100.9
ip netns exec c1 sh -c 'echo q | nc -u -w 1 203.0.113.100 53'
echo q | nc -u -w 1 203.0.113.100 53
ip rule
ip route get 203.0.113.100 from 172.17.0.3 iif docker0
ip route get 203.0.113.100 mark 3
ip route get 203.0.113.100 from 172.17.0.2 iif docker0
iptables -t mangle -nvL
iptables -t nat -nvL POSTROUTING
