# A route's MTU: locked, larger than the device's; smaller devices at one end.
ip netns add a
ip link add v1 type veth peer name e0 netns a
ip addr add 10.1.0.1/24 dev v1
ip link set v1 up
ip -n a link set lo up
ip -n a addr add 10.1.0.2/24 dev e0
ip -n a link set e0 up
ip netns add b
ip link add v2 type veth peer name e0 netns b
ip addr add 10.2.0.1/24 dev v2
ip link set v2 up
ip -n b link set lo up
ip -n b addr add 10.2.0.2/24 dev e0
ip -n b link set e0 up
ip -n a route add default via 10.1.0.1
ip -n b route add default via 10.2.0.1
iptables -t raw -A PREROUTING -p icmp -j TRACE
iptables -t raw -A OUTPUT -p icmp -j TRACE
ip route add 10.2.0.2/32 dev v2 mtu lock 700
ip route
ip route get 10.2.0.2
ping -c 1 -s 900 -W 1 10.2.0.2
ping -c 1 -s 900 -M do -W 1 10.2.0.2
ping -c 1 -s 100 -W 1 10.2.0.2
ip netns exec a ping -c 1 -s 900 -W 1 10.2.0.2
ip netns exec a ping -c 1 -s 900 -M dont -W 1 10.2.0.2
ip route replace 10.2.0.2/32 dev v2 mtu 3000
ip route get 10.2.0.2
ping -c 1 -s 1600 -M do -W 1 10.2.0.2
ping -c 1 -s 1600 -W 1 10.2.0.2
ip route del 10.2.0.2
ip link set v1 mtu 1400
ping -c 1 -s 1380 -M do 10.1.0.2
ip netns exec a ping -c 1 -s 1390 -W 1 10.1.0.1
ip netns exec a ping -c 1 -s 1372 -W 1 10.1.0.1
ip netns exec b ping -c 2 -i 0.3 -s 1390 -W 1 10.1.0.2
ip -n b route get 10.1.0.2
ip -n b route flush cache
ip link set v1 mtu 1500
ip route
iptables -t raw -nvL
