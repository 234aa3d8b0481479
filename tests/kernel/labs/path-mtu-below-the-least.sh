# A path that names less than 552 bytes locks the MTU: packets are cut instead.
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
ip -n r1 link set w1 mtu 300
ip -n z link set w0 mtu 300
ping -c 1 -s 400 -W 1 10.0.2.2
ping -c 1 -s 400 -W 1 10.0.2.2
ip route get 10.0.2.2 | grep -o 'mtu.*'
ip route show cache | grep -o 'mtu.*'
ping -c 1 -s 600 -W 1 10.0.2.2
ip netns exec z nc -l 80 > /tmp/o &
sleep 0.2
head -c 500 /dev/zero | nc -N -p 500 -w 2 10.0.2.2 80
wc -c < /tmp/o
head -c 400 /dev/zero | nc -u -w 1 -p 501 10.0.2.2 53
ip route flush cache
ip netns exec z nc -l 81 > /tmp/o &
sleep 0.2
head -c 500 /dev/zero | nc -N -p 502 -w 2 10.0.2.2 81
sleep 0.1
wc -c < /tmp/o
ip route get 10.0.2.2 | grep -o 'mtu.*'
ip route add 10.0.2.2 via 10.0.1.2 mtu 400
ping -c 1 -s 390 -W 1 10.0.2.2
ping -c 1 -s 390 -W 1 10.0.2.2
ip route get 10.0.2.2 | grep -o 'mtu.*'
ip netns exec r1 iptables -t raw -nvL
