# Forwarding of single devices; a value that does not change changes nothing else.
ip netns add r1
ip netns add z
ip link add v1 type veth peer name w0 netns r1
ip addr add 10.0.1.1/24 dev v1
ip link set v1 up
ip -n r1 link set lo up
ip -n r1 addr add 10.0.1.2/24 dev w0
ip -n r1 link set w0 up
ip -n r1 link add w1 type veth peer name w0 netns z
ip -n r1 addr add 10.0.2.1/24 dev w1
ip -n r1 link set w1 up
ip netns exec r1 sysctl -qw net.ipv4.ip_forward=1
ip -n z link set lo up
ip -n z addr add 10.0.2.2/24 dev w0
ip -n z link set w0 up
ip route add 10.0.0.0/16 via 10.0.1.2
ip -n r1 route add default via 10.0.2.2
ip -n z route add default via 10.0.2.1
ip netns exec r1 iptables -t raw -A PREROUTING -p icmp -j TRACE
ip netns exec r1 iptables -t raw -A OUTPUT -p icmp -j TRACE
ip netns exec r1 sysctl -w net.ipv4.conf.w1.forwarding=0
ping -c 1 -W 1 10.0.2.2
ip netns exec r1 sysctl -w net.ipv4.conf.w0.forwarding=0
ip netns exec r1 sysctl net.ipv4.ip_forward
ping -c 1 -W 1 10.0.2.2
ping -c 1 -W 1 10.0.2.1
ip netns exec r1 sysctl -w net.ipv4.conf.all.forwarding=1
ip netns exec r1 sysctl net.ipv4.conf.w0.forwarding net.ipv4.conf.default.forwarding net.ipv4.ip_forward
ip -n r1 link add d0 type dummy
ip netns exec r1 sysctl net.ipv4.conf.d0.forwarding
ip netns exec r1 sysctl -w net.ipv4.conf.default.forwarding=0
ip -n r1 link add d1 type dummy
ip netns exec r1 sysctl net.ipv4.conf.d1.forwarding
ping -c 1 -W 1 10.0.2.2
ping -c 1 -W 1 10.0.7.7
ip netns exec r1 sysctl -w net.ipv4.conf.w0.rp_filter=1
ip -n r1 route add 10.0.1.1 via 10.0.2.2
ping -c 1 -W 1 10.0.2.2
ip netns exec r1 sysctl -w net.ipv4.conf.w0.rp_filter=2
ping -c 1 -W 1 10.0.2.2
ip -n r1 route get 10.0.2.2 from 10.0.1.1 iif w0
ip netns exec r1 sysctl -w net.ipv4.conf.w0.rp_filter=0 net.ipv4.conf.all.rp_filter=1
ping -c 1 -W 1 10.0.2.2
ip netns exec r1 sysctl -w net.ipv4.icmp_echo_ignore_all=1
ping -c 1 -W 1 10.0.1.2
ip netns exec r1 sysctl -w net.ipv4.ip_default_ttl=9
ip -n r1 route del 10.0.1.1
ip netns exec r1 ping -c 1 -W 1 10.0.1.1
ping -c 1 -W 1 -t 1 10.0.2.2
ip netns exec r1 sysctl -w net.ipv4.ip_default_ttl=0
ip netns exec r1 sysctl -w net.ipv4.ip_default_ttl=256
ip netns exec r1 sysctl -w net.ipv4.conf.w0.rp_filter=3
ip netns exec r1 sysctl -w net.ipv4.ip_forward=2
ip netns exec r1 sysctl -w net.ipv4.ip_forward=yes
ip netns exec r1 sysctl net.ipv4.ip_forward net.ipv4.conf.w0.rp_filter
ip netns exec r1 iptables -t raw -nvL
