iptables -t raw -A OUTPUT -j TRACE
iptables -t nat -A POSTROUTING -p tcp -j MASQUERADE
iptables -t mangle -L > /dev/null
conntrack -E > ev.txt 2>&1 &
sleep 0.2
ip link add br0 address 02:42:7d:11:22:33 type bridge
ip addr add 172.17.0.1/16 dev br0
ip link set br0 up
sleep 0.05
conntrack -L
ip netns add c1
ip link add veth1 type veth peer name eth0 netns c1 address 02:42:ac:11:00:02
ip link set veth1 master br0 up
ip -n c1 link set eth0 up
ip -n c1 addr add 172.17.0.2/16 dev eth0
ip netns exec c1 iptables -t raw -A PREROUTING -j TRACE
ip netns exec c1 iptables -A INPUT -j ACCEPT
sleep 2
conntrack -L
conntrack -L -o extended
iptables -nvL OUTPUT
iptables -t nat -nvL
iptables -t mangle -nvL
ip netns exec c1 iptables -t raw -nvL
ip netns exec c1 iptables -nvL INPUT
echo == snooping off
ip link set br0 type bridge mcast_snooping 0
sleep 2
echo == on
ip link set br0 type bridge mcast_snooping 1
sleep 2
echo == down
ip link set br0 down
sleep 2
echo == up
ip link set br0 up
sleep 2
iptables -t raw -nvL
echo == two bridges and mtu
ip link set br0 mtu 1400
ip link add br1 type bridge
ip link set br1 up mtu 9000
ip link add br2 type bridge mcast_snooping 0
ip link set br2 up
sleep 2
ip link del br1
iptables -t raw -nvL
conntrack -L
cat ev.txt
