# errors from behind two NATs back to the client: traceroute and closed ports through SNAT after DNAT
ip netns add c
ip netns add rt
ip netns add s
ip link add vc type veth peer name eth0 netns c
ip link add vr type veth peer name lan netns rt
ip -n rt link add wan type veth peer name eth0 netns s
ip link set vc up; ip link set vr up
ip -n c link set eth0 up; ip -n rt link set lan up; ip -n rt link set wan up; ip -n s link set eth0 up
ip addr add 10.0.1.1/24 dev vc
ip addr add 10.0.2.1/24 dev vr
ip -n c addr add 10.0.1.2/24 dev eth0
ip -n rt addr add 10.0.2.2/24 dev lan
ip -n rt addr add 203.0.113.1/24 dev wan
ip -n s addr add 203.0.113.2/24 dev eth0
ip -n c route add default via 10.0.1.1
ip route add default via 10.0.2.2
ip netns exec rt sysctl -qw net.ipv4.ip_forward=1
iptables -t nat -A PREROUTING -d 10.0.1.1 -p udp --dport 53 -j DNAT --to-destination 203.0.113.2:5300
iptables -t nat -A POSTROUTING -o vr -j SNAT --to-source 10.0.2.1
ip netns exec rt iptables -t nat -A POSTROUTING -o wan -j MASQUERADE
ip netns exec rt iptables -t raw -A PREROUTING -p icmp -j LOG --log-prefix "rt-pre "
ip netns exec rt iptables -t mangle -A POSTROUTING -p icmp -j LOG --log-prefix "rt-post "
iptables -t mangle -A PREROUTING -p icmp -j LOG --log-prefix "pre "
iptables -t mangle -A FORWARD -p icmp -j LOG --log-prefix "fwd "
iptables -t mangle -A POSTROUTING -p icmp -j LOG --log-prefix "post "
ip netns exec c sh -c 'echo q | nc -u -w 1 -p 4000 10.0.1.1 53'
ip netns exec c sh -c 'echo q | nc -u -w 1 -p 4001 203.0.113.2 7'
ip netns exec c nc -z -v -w 2 203.0.113.2 7
ip netns exec c ping -c 1 -t 2 -W 1 203.0.113.2
ip netns exec rt iptables -A FORWARD -p tcp --dport 8 -j REJECT --reject-with icmp-admin-prohibited
ip netns exec c nc -z -v -w 2 203.0.113.2 8
ip netns exec rt conntrack -L
conntrack -L
iptables -t nat -nvL
