# A route whose gateway is an address of this host: listed with it, but every destination is asked for itself.
ip netns add r1
ip netns exec r1 sysctl -qw net.ipv6.conf.all.disable_ipv6=1
ip link add e1 address 02:00:00:00:01:01 type veth peer name eth0 netns r1 address 02:00:00:00:01:02
ip addr add 10.0.1.1/24 dev e1; ip link set e1 up
ip -n r1 link set lo up; ip -n r1 link set eth0 up; ip -n r1 addr add 10.0.1.2/24 dev eth0
ip -n r1 addr add 10.5.0.7/32 dev eth0
iptables -t raw -A PREROUTING -p icmp -j TRACE
iptables -t raw -A OUTPUT -p icmp -j TRACE
ip route add 10.5.0.0/24 via 10.0.1.1; echo rc $?
ip addr add 10.6.0.1/32 dev lo
ip route add 10.5.1.0/24 via 10.6.0.1; echo rc $?
ip route add 10.5.2.0/24 table 5 via 10.6.0.1; echo rc $?
ip route add 10.5.3.0/24 table 5 via 10.0.1.1; echo rc $?
ip route add 10.5.4.0/24 via 10.6.0.1 dev e1; echo rc $?
ip route add 10.5.5.0/24 via 10.0.1.1 dev e1; echo rc $?
ip route add 10.5.6.0/24 via 127.0.0.1; echo rc $?
ip route add 10.5.6.0/24 via 10.0.1.255; echo rc $?
ip route add 10.5.7.0/24 via 10.5.0.7; echo rc $?
ip route show table 5
ip route
ip route get 10.5.0.7
ip route get 10.5.1.1
ping -c 1 10.5.0.7; echo rc $?
ping -c 1 -W 1 10.5.1.1; echo rc $?
ping -c 1 10.5.0.8; echo rc $?
ip neigh
ip route del 10.5.0.0/24 via 10.0.1.1; echo rc $?
ping -c 1 10.5.0.7; echo rc $?
ip route
iptables -t raw -nvL
