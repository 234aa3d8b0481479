ip link add br0 address 02:42:7d:11:22:33 type bridge mcast_snooping 0
ip addr add 10.0.2.1/24 dev br0
ip link set br0 up
ip netns add a
ip netns add z
ip netns add r
ip netns exec a sysctl -qw net.ipv6.conf.all.disable_ipv6=1
ip netns exec z sysctl -qw net.ipv6.conf.all.disable_ipv6=1
ip netns exec r sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv4.ip_forward=1
ip link add eth0 netns a address 02:00:00:00:00:0a type veth peer name ra netns r address 02:00:00:00:01:0a
ip link add vr type veth peer name rb netns r address 02:00:00:00:01:0b
ip link add vz type veth peer name eth0 netns z address 02:00:00:00:00:0f
ip link set vr master br0 up
ip link set vz master br0 up
ip -n a link set eth0 up
ip -n r link set ra up
ip -n r link set rb up
ip -n z link set eth0 up
ip -n a addr add 10.0.1.2/24 dev eth0
ip -n r addr add 10.0.1.1/24 dev ra
ip -n r addr add 10.0.2.3/24 dev rb
ip -n z addr add 10.0.2.2/24 dev eth0
ip -n a route add default via 10.0.1.1
ip -n z route add default via 10.0.2.3
ip route add 10.0.1.0/24 via 10.0.2.3
sysctl -qw net.ipv4.ipfrag_time=2
ip netns exec z sysctl -qw net.ipv4.ipfrag_time=1
ip netns exec r iptables -A FORWARD -f -j DROP
iptables -A FORWARD -m conntrack --ctstate NEW -j LOG --log-prefix "fwd "
iptables -A OUTPUT -p icmp -j LOG --log-prefix "out "
ip netns exec a ping -c 1 -s 2000 -W 4 10.0.2.2
ip netns exec a ping -c 1 -s 2000 -W 4 10.0.2.1
sysctl -qw net.bridge.bridge-nf-call-iptables=0
ip netns exec a ping -c 1 -s 2000 -W 4 10.0.2.2
ip netns exec a ping -c 1 -s 2000 -W 4 10.0.2.1
ip netns exec a ping -c 1 -s 100 -W 4 10.0.2.1
iptables -nvL
conntrack -L
