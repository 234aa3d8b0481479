ip netns add c1
ip netns add c2
ip netns add s
ip link add v1 type veth peer name eth0 netns c1
ip link add v2 type veth peer name eth0 netns c2
ip link add v9 type veth peer name eth0 netns s
ip addr add 10.1.0.1/24 dev v1
ip addr add 10.2.0.1/24 dev v2
ip addr add 10.9.0.1/24 dev v9
ip link set v1 up
ip link set v2 up
ip link set v9 up
ip -n c1 addr add 10.1.0.2/24 dev eth0
ip -n c2 addr add 10.2.0.2/24 dev eth0
ip -n s addr add 10.9.0.2/24 dev eth0
for n in c1 c2 s; do ip -n $n link set eth0 up; ip -n $n link set lo up; done
ip -n c1 route add default via 10.1.0.1
ip -n c2 route add default via 10.2.0.1
ip -n s route add default via 10.9.0.1
for ch in PREROUTING OUTPUT; do iptables -t raw -A $ch -j TRACE; done
conntrack -C
sysctl -w net.netfilter.nf_conntrack_udp_timeout=1
ip netns exec s nc -u -l 53 > /tmp/got &
sleep 0.3
(echo a; sleep 0.4; echo b; sleep 2; echo c; sleep 0.3) | ip netns exec c1 nc -u -w 1 -p 4000 10.9.0.2 53 &
sleep 1
iptables -t nat -A POSTROUTING -o v9 -j SNAT --to-source 10.9.0.1
conntrack -C
conntrack -L
conntrack -C
sleep 1
conntrack -C
conntrack -L
conntrack -C
sleep 2
conntrack -L
sysctl -w net.netfilter.nf_conntrack_udp_timeout_stream=2
iptables -t nat -nvL POSTROUTING
