# two networks, a router between them
ip netns add r; ip netns add a; ip netns add b
ip link add ra netns r address 02:00:00:00:00:a1 type veth peer name eth0 netns a address 02:00:00:00:00:a2
ip link add rb netns r address 02:00:00:00:00:b1 type veth peer name eth0 netns b address 02:00:00:00:00:b2
for n in r a b; do ip -n $n link set lo up; done
ip -n r addr add 192.168.1.1/24 dev ra; ip -n r link set ra up
ip -n r addr add 192.168.2.1/24 dev rb; ip -n r link set rb up
ip -n a addr add 192.168.1.10/24 dev eth0; ip -n a link set eth0 up; ip -n a route add default via 192.168.1.1
ip -n b addr add 192.168.2.10/24 dev eth0; ip -n b link set eth0 up; ip -n b route add default via 192.168.2.1
ip netns exec r sysctl -qw net.ipv4.ip_forward=1
ip netns exec r iptables -t raw -A PREROUTING -j TRACE
ip netns exec r iptables -t nat -A POSTROUTING -s 192.168.1.0/24 -o rb -j SNAT --to-source 192.168.2.1
ip netns exec r iptables -A FORWARD -p udp --dport 33434:33534 -j REJECT
ip netns exec a ping -c 1 192.168.2.10
ip netns exec a ping -c 1 -t 1 192.168.2.10
ip netns exec a ping -c 1 -s 2000 192.168.2.10
ip netns exec a ping -c 1 -W 1 192.168.3.3
ip netns exec a traceroute -n -q 1 -w 1 -m 3 192.168.2.10
ip netns exec r iptables -nvL
ip netns exec r iptables -t nat -nvL POSTROUTING
