ip netns add a
ip netns add r
ip netns add z
ip netns exec a sysctl -qw net.ipv6.conf.all.disable_ipv6=1
ip netns exec z sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv4.ipfrag_time=3
ip netns exec r sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv4.ip_forward=1
ip link add eth0 netns a address 02:00:00:00:00:0a type veth peer name ra netns r address 02:00:00:00:01:0a
ip link add eth0 netns z address 02:00:00:00:00:0f type veth peer name rz netns r address 02:00:00:00:01:0f
ip -n a link set eth0 up
ip -n z link set eth0 up
ip -n r link set ra up
ip -n r link set rz up
ip -n a addr add 10.0.1.2/24 dev eth0
ip -n z addr add 10.0.2.2/24 dev eth0
ip -n r addr add 10.0.1.1/24 dev ra
ip -n r addr add 10.0.2.1/24 dev rz
ip -n a route add default via 10.0.1.1
ip -n z route add default via 10.0.2.1
ip netns exec r iptables -A FORWARD -f -j LOG --log-prefix "frag "
ip netns exec r iptables -A FORWARD -f -j DROP
ip netns exec r iptables -A FORWARD -p icmp -j LOG --log-prefix "fwd "
ip netns exec a ping -c 1 -s 2000 -W 5 10.0.2.2
ip netns exec z iptables -A INPUT -m conntrack --ctstate NEW -j LOG --log-prefix "in "
ip netns exec z iptables -A OUTPUT -m conntrack --ctstate INVALID -j LOG --log-prefix "inv "
ip netns exec z iptables -A OUTPUT -m conntrack --ctstate RELATED -j LOG --log-prefix "rel "
ip netns exec a ping -c 1 -s 2000 -W 5 10.0.2.2
ip netns exec z iptables -nvL
ip link add v1 type veth peer name e1 netns z address 02:00:00:00:02:01
ip link set v1 up
ip addr add 10.0.3.1/24 dev v1
ip -n z link set e1 up
ip -n z addr add 10.0.3.2/24 dev e1
ip route add default via 10.0.3.2
ip netns exec z sysctl -qw net.ipv4.ip_forward=1
ip -n r route add 10.0.3.0/24 via 10.0.2.2
ip netns exec a ping -c 1 -s 2000 -W 5 10.0.3.1
ip netns exec a ping -c 1 -W 5 10.0.3.1
ip netns exec z iptables -nvL
