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
ip netns add ext; ip netns exec ext sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
ip link add eth0 address 02:00:00:00:09:01 type veth peer name eth0 netns ext address 02:00:00:00:09:02
ip addr add 10.0.0.1/24 dev eth0; ip link set eth0 up
ip -n ext link set lo up; ip -n ext link set eth0 up
ip -n ext addr add 10.0.0.2/24 dev eth0
ip route add default via 10.0.0.2
iptables -t nat -A POSTROUTING -o eth0 -j SNAT --to-source 10.0.0.1
iptables -t nat -A PREROUTING -d 10.0.0.1 -p udp --dport 53 -j DNAT --to 172.17.0.3:53
iptables -A FORWARD -m conntrack --ctstate DNAT -j LOG --log-prefix "dnat "
iptables -A FORWARD -m conntrack --ctstate SNAT -j LOG --log-prefix "snat "
iptables -A FORWARD -m conntrack --ctorigdst 10.0.0.1 -j LOG --log-prefix "orig "
iptables -A FORWARD -m conntrack --ctreplsrc 172.17.0.3 --ctdir REPLY -j LOG --log-prefix "repl "
(echo pong; sleep 2) | ip netns exec c2 nc -u -l 53 > /tmp/q &
(echo pong2; sleep 2) | ip netns exec ext nc -u -l 54 > /tmp/q2 &
sleep .3
echo ping | ip netns exec ext nc -u -w 1 -p 3333 10.0.0.1 53
echo ping | ip netns exec c1 nc -u -w 1 -p 3334 10.0.0.2 54
conntrack -L
cat /tmp/q /tmp/q2
iptables -t nat -nvL; iptables -nvL FORWARD
