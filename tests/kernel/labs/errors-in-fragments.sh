# ICMP errors as large as their way allows, in fragments, and put together again.
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
ip netns exec r1 iptables -t raw -A PREROUTING -j TRACE
ip netns exec r1 iptables -t raw -A OUTPUT -j TRACE
ip -n z link set w0 mtu 300
head -c 400 /dev/zero | nc -u -w 1 -p 501 10.0.2.2 53
ip netns exec r1 iptables -A FORWARD -m conntrack --ctstate RELATED -j LOG --log-prefix "rel "
head -c 400 /dev/zero | nc -u -w 1 -p 502 10.0.2.2 53
ip route add 10.0.9.0/24 via 10.0.1.2
ip -n r1 link set w0 mtu 400
head -c 1000 /dev/zero | nc -u -w 1 -p 503 10.0.1.2 53
head -c 380 /dev/zero | nc -u -w 1 -p 504 10.0.1.2 53
ping -c 1 -s 360 -t 1 -W 1 10.0.2.2
ip -n r1 link set w0 mtu 1500
ip -n r1 route change 10.0.1.0/24 dev w0 src 10.0.1.2 mtu 200
head -c 380 /dev/zero | nc -u -w 1 -p 505 10.0.1.2 53
ip netns exec z ping -c 1 -s 100 -M do -W 1 10.0.1.1
ip netns exec z ping -c 1 -s 200 -M do -W 1 10.0.1.1
ip netns exec z ping -c 1 -s 200 -W 1 10.0.1.1
ip -n z route get 10.0.1.1 | grep -o 'mtu.*'
ip -n r1 route show
