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
iptables -t nat -A PREROUTING -i docker0 -p tcp --dport 80 -j REDIRECT --to-ports 3128
iptables -t nat -A PREROUTING -i docker0 -p tcp --dport 81 -j REDIRECT
iptables -t nat -A PREROUTING -i docker0 -p udp -m udp --dport 53 -j REDIRECT --to-ports 5300-5301
nc -lk 3128 > /tmp/x &
nc -l -u 5300 > /tmp/y &
nc -l -u 5301 > /tmp/y &
sleep .3
echo a | ip netns exec c1 nc -N -w 1 8.8.8.8 80
echo b | ip netns exec c1 nc -N -w 1 172.17.0.3 80
echo c | ip netns exec c2 nc -N -w 1 172.17.0.1 81
echo d | ip netns exec c2 nc -u -w 1 1.1.1.1 53
cat /tmp/x /tmp/y
conntrack -L
iptables -t nat -nvL PREROUTING
