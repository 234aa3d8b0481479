# What the host answers by itself carries the mark, and is routed by it (fwmark_reflect).
ip netns add r1
ip netns add r2
ip netns add z
ip link add v1 type veth peer name w0 netns r1
ip addr add 10.0.1.1/24 dev v1
ip link set v1 up
ip -n r1 link set lo up
ip -n r1 addr add 10.0.1.2/24 dev w0
ip -n r1 link set w0 up
ip -n r1 link add w1 type veth peer name w0 netns r2
ip -n r1 addr add 10.0.2.1/24 dev w1
ip -n r1 link set w1 up
ip netns exec r1 sysctl -qw net.ipv4.ip_forward=1
ip -n r2 link set lo up
ip -n r2 addr add 10.0.2.2/24 dev w0
ip -n r2 link set w0 up
ip -n r2 link add w1 type veth peer name w0 netns z
ip -n r2 addr add 10.0.3.1/24 dev w1
ip -n r2 link set w1 up
ip netns exec r2 sysctl -qw net.ipv4.ip_forward=1
ip -n z link set lo up
ip -n z addr add 10.0.3.2/24 dev w0
ip -n z link set w0 up
ip route add 10.0.0.0/16 via 10.0.1.2
ip -n r1 route add default via 10.0.2.2
ip -n r2 route add 10.0.1.0/24 via 10.0.2.1
ip -n r2 route add default via 10.0.3.2
ip -n z route add default via 10.0.3.1
ip netns exec r1 iptables -t raw -A PREROUTING -j TRACE
ip netns exec r1 iptables -t raw -A OUTPUT -j TRACE
ip netns exec r1 sysctl -w net.ipv4.fwmark_reflect=1
ip netns exec r1 iptables -t mangle -A PREROUTING -i w0 -j MARK --set-mark 3
ip netns exec r1 iptables -t mangle -A OUTPUT -m mark --mark 3 -j LOG --log-prefix "m3 "
ip netns exec r1 iptables -t mangle -A OUTPUT -m mark --mark 0 -j LOG --log-prefix "m0 "
ping -c 1 -W 1 10.0.1.2
ping -c 1 -W 1 -t 1 10.0.3.2
echo x | nc -u -w 1 -p 700 10.0.1.2 9000
nc -z -p 701 10.0.1.2 9000
ip netns exec r1 iptables -A INPUT -p tcp --dport 9001 -j REJECT --reject-with tcp-reset
ip netns exec r1 iptables -A INPUT -p tcp --dport 9002 -j REJECT
nc -z -p 702 10.0.1.2 9001
nc -z -p 703 10.0.1.2 9002
ip -n r1 rule add fwmark 3 lookup 30
ip -n r1 route add prohibit 10.0.1.1 table 30
ping -c 1 -W 1 10.0.1.2
ping -c 1 -W 1 -t 1 10.0.3.2
echo x | nc -u -w 1 -p 704 10.0.1.2 9000
ip netns exec r1 sysctl -w net.ipv4.fwmark_reflect=0
ping -c 1 -W 1 10.0.1.2
ip -n r1 rule add from 10.0.1.2 blackhole
ping -c 1 -W 1 10.0.1.2
ping -c 1 -W 1 -t 1 10.0.3.2
ip netns exec r1 iptables -t mangle -nvL
