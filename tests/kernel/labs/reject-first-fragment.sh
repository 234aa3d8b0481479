# Fragments without conntrack: a first one is never answered by REJECT.
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
ip netns exec r1 iptables -A FORWARD -f -j LOG --log-prefix "frag "
ip netns exec r1 iptables -A FORWARD ! -f -p icmp -j LOG --log-prefix "head "
ping -c 1 -s 4000 10.0.2.2
ip netns exec r1 iptables -I FORWARD -f -j DROP
ping -c 1 -s 4000 -W 1 10.0.2.2
ip netns exec r1 iptables -R FORWARD 1 -f -j REJECT
ping -c 1 -s 4000 -W 1 10.0.2.2
ip netns exec r1 iptables -R FORWARD 1 ! -f -p icmp --icmp-type 8 -j REJECT
ping -c 1 -s 4000 -W 1 10.0.2.2
ip netns exec r1 iptables -D FORWARD 1
ip -n r1 link set w1 mtu 1000
ping -c 1 -s 2000 -W 1 10.0.2.2
ping -c 1 -s 2000 -t 1 -W 1 10.0.2.2
ip netns exec r1 iptables -t mangle -A PREROUTING -f -j TTL --ttl-set 1
ping -c 1 -s 2000 -W 1 10.0.2.2
ip netns exec r1 iptables -nvL
ip netns exec r1 iptables -t mangle -nvL PREROUTING
