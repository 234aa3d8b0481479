sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
ip link add docker0 address 02:42:7d:11:22:33 type bridge mcast_snooping 0
ip addr add 172.17.0.1/16 dev docker0
ip link set docker0 up
ip netns add c1; ip netns exec c1 sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
ip link add veth1 type veth peer name eth0 netns c1 address 02:42:ac:11:00:02
ip link set veth1 master docker0 up
ip -n c1 link set eth0 up
ip -n c1 addr add 172.17.0.2/16 dev eth0
ip -n c1 route add default via 172.17.0.1
ip netns add c2; ip netns exec c2 sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
ip link add veth2 type veth peer name eth0 netns c2 address 02:42:ac:11:00:03
ip link set veth2 master docker0 up
ip -n c2 link set lo up
ip -n c2 link set eth0 up
ip -n c2 addr add 172.17.0.3/16 dev eth0
ip -n c2 route add default via 172.17.0.1
# rules change under a live connection
iptables -P FORWARD DROP
iptables -A FORWARD -p tcp --dport 80 -m conntrack --ctstate NEW -j ACCEPT
iptables -A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT
ip netns exec c2 nc -l 80 > /tmp/got &
sleep .3
(echo one; sleep 1; echo two; sleep 2; echo three) | ip netns exec c1 nc -N -w 6 172.17.0.3 80 &
sleep .5
iptables -D FORWARD 2
iptables -t raw -A PREROUTING -p tcp -j LOG --log-prefix "raw "
sleep 1
iptables -A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT
iptables -nvL FORWARD
sleep 4
cat /tmp/got; iptables -nvL FORWARD
