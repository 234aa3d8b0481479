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
iptables -A INPUT -p udp -j LOG --log-prefix "in "
iptables -A FORWARD -p udp -j LOG --log-prefix "f "
iptables -A INPUT -m addrtype --dst-type BROADCAST -j ACCEPT
iptables -A INPUT -m addrtype --dst-type MULTICAST -j LOG --log-prefix "mc "
echo x | ip netns exec c1 nc -u -b -w 1 172.17.255.255 67; echo $?
echo x | ip netns exec c1 nc -u -w 1 172.17.255.255 67; echo $?
echo x | ip netns exec c1 nc -u -w 1 224.0.0.251 5353; echo $?
nc -l -u -p 68 > /tmp/b &
sleep .2
echo hey | ip netns exec c1 nc -u -b -w 1 255.255.255.255 68; echo $?
cat /tmp/b
iptables -nvL
