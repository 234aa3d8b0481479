quiet() { ip netns exec $1 sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1; }

for n in a r1 r2 b; do ip netns add $n; quiet $n; ip -n $n link set lo up; done
ip -n a link add eth0 address 02:0a:00:00:00:01 type veth peer name a0 netns r1 address 02:0a:00:00:00:02
ip -n r1 link add m0 address 02:0a:00:00:00:03 type veth peer name m1 netns r2 address 02:0a:00:00:00:04
ip -n r2 link add b0 address 02:0a:00:00:00:05 type veth peer name eth0 netns b address 02:0a:00:00:00:06
ip -n a addr add 10.1.0.2/24 dev eth0; ip -n r1 addr add 10.1.0.1/24 dev a0; ip -n r1 addr add 10.9.0.1/30 dev m0; ip -n r2 addr add 10.9.0.2/30 dev m1; ip -n r2 addr add 10.2.0.1/24 dev b0; ip -n b addr add 10.2.0.2/24 dev eth0
for l in "a eth0" "r1 a0" "r1 m0" "r2 m1" "r2 b0" "b eth0"; do set -- $l; ip -n $1 link set $2 up; done
ip -n a route add default via 10.1.0.1; ip -n b route add default via 10.2.0.1; ip -n r1 route add 10.2.0.0/24 via 10.9.0.2; ip -n r2 route add default via 10.9.0.1
for n in r1 r2; do ip netns exec $n sysctl -w net.ipv4.ip_forward=1; ip netns exec $n iptables -t raw -A PREROUTING -j TRACE; ip netns exec $n iptables -t raw -A OUTPUT -j TRACE; done
ip netns exec r2 iptables -t nat -A POSTROUTING -o b0 -j MASQUERADE; ip netns exec r1 iptables -A FORWARD -i m0 -m conntrack --ctstate NEW -j REJECT
ip netns exec a ping -c 1 10.2.0.2
ip netns exec b ping -c 1 -W 1 10.1.0.2
ip netns exec a traceroute -n -q 1 -w 1 10.2.0.2
ip netns exec a ping -c 1 -t 2 -W 1 10.2.0.2; ip netns exec a ping -c 1 -W 1 10.2.0.77; ip netns exec a ping -c 1 -W 1 10.3.0.1
ip netns exec r2 conntrack -L | sort; ip netns exec r1 iptables -nvL FORWARD; ip -n a route get 10.2.0.2; ip -n r1 route get 10.2.0.2 from 10.1.0.2 iif a0
ip -n r1 link set m0 mtu 1300; ip netns exec a ping -c 1 -M do -s 1400 10.2.0.2; ip netns exec a ping -c 1 -M do -s 1400 10.2.0.2
ip -n r1 link set m0 down; ip netns exec a ping -c 1 -W 1 10.2.0.2; ip -n r1 route; ip -n r2 -br link
