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
ip netns exec r iptables -t nat -A POSTROUTING -o rb -j MASQUERADE
ip netns exec r iptables -t nat -A PREROUTING -i rb -p tcp --dport 2222 -j DNAT --to 192.168.1.10:22
ip netns exec r iptables -A FORWARD -m state --state INVALID -j DROP
ip netns exec r iptables -A FORWARD -i ra -o rb -j ACCEPT
ip netns exec r iptables -A FORWARD -m state --state RELATED,ESTABLISHED -j ACCEPT
ip netns exec r iptables -A FORWARD -p tcp --dport 22 -m conntrack --ctstate DNAT -j ACCEPT
ip netns exec r iptables -P FORWARD DROP
ip netns exec a nc -l -p 22 >/dev/null &
ip netns exec b nc -l -u -p 53 >/dev/null &
sleep 0.5
ip netns exec a ping -c 2 192.168.2.10
ip netns exec b ping -c 1 -W 1 192.168.1.10
echo ssh | ip netns exec b nc -N -w 2 192.168.2.1 2222
echo dns | ip netns exec a nc -u -w 1 192.168.2.10 53
echo ntp | ip netns exec a nc -u -v -w 1 192.168.2.10 123
ip netns exec r conntrack -L
ip netns exec r iptables -nvL
ip netns exec r iptables -t nat -nvL
ip netns exec a traceroute -n -w 1 192.168.2.10
ip netns exec a ip neigh; ip netns exec r ip neigh
