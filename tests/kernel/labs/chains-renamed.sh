ip link add docker0 address 02:42:7d:11:22:33 type bridge mcast_snooping 0
ip addr add 172.17.0.1/16 dev docker0
ip link set docker0 up
ip netns add c1
ip link add veth1 type veth peer name eth0 netns c1 address 02:42:ac:11:00:02
ip link set veth1 master docker0 up
ip -n c1 link set eth0 up
ip -n c1 addr add 172.17.0.2/16 dev eth0
ip -n c1 route add default via 172.17.0.1
iptables -N one; iptables -A INPUT -p icmp -j one; iptables -A one -j ACCEPT
iptables -t raw -A PREROUTING -j TRACE
iptables -E one two; ip netns exec c1 ping -c 1 172.17.0.1 | head -2
iptables -E two ACCEPT; echo $?
iptables -E two INPUT; echo $?
iptables -E two LOG; echo $?
iptables -N DROP; echo $?
iptables -N -x; echo $?
iptables -N aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; echo $?
iptables -N LOG; echo $?
iptables -S
iptables -Z; iptables -nvL
iptables -P INPUT DROP; iptables -F INPUT; iptables -X; iptables -S
