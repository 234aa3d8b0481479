ip link add docker0 address 02:42:7d:11:22:33 type bridge mcast_snooping 0
ip addr add 172.17.0.1/16 dev docker0
ip link set docker0 up
ip netns add c1
ip link add veth1 type veth peer name eth0 netns c1 address 02:42:ac:11:00:02
ip link set veth1 master docker0 up
ip -n c1 link set eth0 up
ip -n c1 addr add 172.17.0.2/16 dev eth0
ip -n c1 route add default via 172.17.0.1
iptables -N u1; iptables -N u2; iptables -N empty
iptables -A INPUT -j empty
iptables -A INPUT -p icmp -g u1
iptables -A INPUT -j DROP
iptables -A u1 -p icmp --icmp-type 8 -j u2
iptables -A u1 -j RETURN
iptables -A u2 -m mark ! --mark 0 -j DROP
iptables -A u2 -p icmp
iptables -A u2 -j RETURN
iptables -A OUTPUT -j ACCEPT
iptables -t mangle -A INPUT -j ACCEPT
iptables -t mangle -A PREROUTING -p icmp -j ACCEPT
iptables -t nat -A PREROUTING -j RETURN
iptables -t raw -A PREROUTING -j TRACE
iptables -t raw -A PREROUTING -i docker0 -j RETURN
iptables -t raw -A OUTPUT -p icmp -j TRACE
ip netns exec c1 ping -c 1 172.17.0.1
iptables -nvL; iptables-save -c | grep -v '^#'
