# the error's own way: policy routing for it, an OUTPUT that drops or marks it, rp_filter at the sender
ip netns add a
ip netns add b
ip link add va type veth peer name eth0 netns a
ip link add vb type veth peer name eth0 netns b
ip link set va up; ip link set vb up
ip addr add 10.0.1.1/24 dev va
ip addr add 10.0.2.1/24 dev vb
ip -n a link set eth0 up; ip -n b link set eth0 up
ip -n a addr add 10.0.1.2/24 dev eth0
ip -n b addr add 10.0.2.2/24 dev eth0
ip -n a route add default via 10.0.1.1
ip -n b route add default via 10.0.2.1
ip -n b addr add 10.7.7.7/32 dev eth0
iptables -t raw -A OUTPUT -p icmp -j TRACE
iptables -t raw -A PREROUTING -p icmp -j TRACE
ip netns exec b ping -c 1 -W 1 -I 10.7.7.7 10.0.1.99
ip netns exec b ping -c 1 -W 1 -t 1 -I 10.7.7.7 10.0.1.2
ip route add 10.7.7.7/32 via 10.0.2.2
ip netns exec b ping -c 1 -W 1 -t 1 -I 10.7.7.7 10.0.1.2
iptables -t mangle -A OUTPUT -p icmp --icmp-type time-exceeded -j MARK --set-mark 7
ip rule add fwmark 7 blackhole
ip netns exec b ping -c 1 -W 1 -t 1 10.0.1.2
ip rule del fwmark 7 blackhole
ip rule add fwmark 7 prohibit
ip netns exec b ping -c 1 -W 1 -t 1 10.0.1.2
ip rule
ip rule del fwmark 7 prohibit
iptables -t raw -F
iptables -A FORWARD -p udp --dport 99 -j REJECT --reject-with icmp-net-unreachable
iptables -A OUTPUT -p icmp -m addrtype --src-type LOCAL -m icmp --icmp-type network-unreachable -j LOG --log-prefix "netun "
ip netns exec b sh -c 'echo x | nc -u -w 1 10.0.1.2 99'
ip netns exec b sh -c 'echo x | nc -u -w 1 10.0.1.2 98'
iptables -nvL
iptables -t mangle -nvL OUTPUT
