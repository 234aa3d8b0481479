ip link add docker0 address 02:42:7d:11:22:33 type bridge mcast_snooping 0
ip addr add 172.17.0.1/16 dev docker0
ip link set docker0 up
ip netns add c1
ip link add veth1 type veth peer name eth0 netns c1 address 02:42:ac:11:00:02
ip link set veth1 master docker0 up
ip -n c1 link set eth0 up
ip -n c1 addr add 172.17.0.2/16 dev eth0
ip -n c1 route add default via 172.17.0.1
ip netns add c2
ip link add veth2 type veth peer name eth0 netns c2 address 02:42:ac:11:00:03
ip link set veth2 master docker0 up
ip -n c2 link set lo up
ip -n c2 link set eth0 up
ip -n c2 addr add 172.17.0.3/16 dev eth0
ip -n c2 route add default via 172.17.0.1
iptables -A FORWARD -m conntrack --ctstate INVALID -j LOG --log-prefix "INV "
iptables -A FORWARD -m conntrack --ctstate NEW -j LOG --log-prefix "NEW "
iptables -A FORWARD -j ACCEPT
ip netns exec c2 nc -l -p 80 > /dev/null &
sleep .2
(echo a; sleep 2; echo b) | ip netns exec c1 nc -N 172.17.0.3 80 &
sleep 1
conntrack -L
conntrack -D -p tcp
sleep 2
conntrack -L
wait
ip netns exec c1 nc -z -w 1 172.17.0.3 99
conntrack -L
sleep 11
conntrack -L
