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
ip netns add ext
ip link add eth0 address 02:00:00:00:09:01 type veth peer name eth0 netns ext address 02:00:00:00:09:02
ip addr add 10.0.0.1/24 dev eth0; ip link set eth0 up
ip -n ext link set lo up; ip -n ext link set eth0 up
ip -n ext addr add 10.0.0.2/24 dev eth0
ip route add default via 10.0.0.2
iptables -t nat -A POSTROUTING -o eth0 -j MASQUERADE
iptables -A FORWARD -f -j LOG --log-prefix "frag "
iptables -A FORWARD -m length --length 1500: -j LOG --log-prefix "big "
iptables -t raw -A PREROUTING -p icmp -j TRACE
ip netns exec c1 ping -c 1 -s 3000 10.0.0.2
ip netns exec c1 ping -c 1 -s 3000 172.17.0.3
ping -c 1 -s 4000 172.17.0.2
head -c 3000 /dev/zero | ip netns exec c1 nc -u -w 1 10.0.0.2 9
iptables -nvL FORWARD; iptables -t nat -nvL POSTROUTING
