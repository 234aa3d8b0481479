ip link add docker0 address 02:42:7d:11:22:33 type bridge mcast_snooping 0
ip addr add 172.17.0.1/16 dev docker0
ip link set docker0 up
ip netns add c1
ip link add veth1 type veth peer name eth0 netns c1 address 02:42:ac:11:00:02
ip link set veth1 master docker0 up
ip -n c1 link set eth0 up
ip -n c1 addr add 172.17.0.2/16 dev eth0
ip -n c1 route add default via 172.17.0.1
ip netns add ext
ip link add eth0 address 02:00:00:00:09:01 type veth peer name eth0 netns ext address 02:00:00:00:09:02
ip addr add 10.0.0.1/24 dev eth0; ip link set eth0 up
ip -n ext link set lo up; ip -n ext link set eth0 up
ip -n ext addr add 10.0.0.2/24 dev eth0
ip route add default via 10.0.0.2
iptables -t nat -A OUTPUT -d 10.9.9.9 -p tcp --dport 80 -j DNAT --to-destination 172.17.0.2:8000
iptables -t nat -A OUTPUT -d 10.9.9.9 -p icmp -j DNAT --to-destination 172.17.0.2
iptables -t nat -A OUTPUT -p udp --dport 53 -j REDIRECT --to-ports 5353
iptables -t raw -A PREROUTING -j TRACE
iptables -t raw -A OUTPUT -j TRACE
ip netns exec c1 nc -lp 8000 > /dev/null &
sleep 1
ping -c 1 10.9.9.9
echo a | nc -N -w 1 10.9.9.9 80
echo b | nc -u -w 1 8.8.8.8 53
conntrack -L
iptables -t nat -nvL OUTPUT
