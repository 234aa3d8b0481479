# Two containers on br0, and a network behind eth0.
ip link add br0 address 02:42:7d:11:22:33 type bridge mcast_snooping 0; ip addr add 172.17.0.1/16 dev br0; ip link set br0 up
quiet() { ip netns exec $1 sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1; }
for i in 2 3; do
ip netns add c$i; quiet c$i
ip link add veth$i address 02:00:00:00:00:0$i type veth peer name eth0 netns c$i address 02:42:ac:11:00:0$i
ip link set veth$i master br0 up
ip -n c$i link set eth0 up; ip -n c$i link set lo up
ip -n c$i addr add 172.17.0.$i/16 dev eth0
ip -n c$i route add default via 172.17.0.1
done
ip netns add out; quiet out
ip link add eth0 address 02:00:00:00:09:01 type veth peer name eth0 netns out address 02:00:00:00:09:02
ip link set eth0 up; ip addr add 10.9.0.1/24 dev eth0
ip -n out link set eth0 up; ip -n out link set lo up; ip -n out addr add 10.9.0.2/24 dev eth0; ip -n out route add default via 10.9.0.1
for a in 10 11 12 13; do ip -n out addr add 10.9.0.$a/24 dev eth0; done
iptables -t raw -A PREROUTING -j TRACE; iptables -t raw -A OUTPUT -j TRACE
iptables -t nat -A POSTROUTING -s 172.17.0.0/16 ! -o br0 -j MASQUERADE
ip netns exec c2 ping -c 1 -e 1001 10.9.0.2
iptables -t nat -F
ip netns exec c2 ping -c 1 -W 1 -e 1001 10.9.0.2
ip -n out route add 172.17.0.0/16 via 10.9.0.1
ip netns exec c2 ping -c 1 -W 1 -e 1001 10.9.0.2
iptables -A FORWARD -m state --state NEW
ip netns exec c2 ping -c 1 -W 1 -e 1001 10.9.0.2
ip netns exec c2 ping -c 1 -W 1 -e 1002 10.9.0.2
iptables -t nat -A POSTROUTING -s 172.17.0.0/16 ! -o br0 -j MASQUERADE
ip netns exec c2 ping -c 1 -W 1 -e 1002 10.9.0.2
ip netns exec c2 ping -c 1 -W 1 -e 1003 10.9.0.77
iptables -t nat -F POSTROUTING
ip netns exec c2 ping -c 1 -W 1 -e 1003 10.9.0.77
iptables -t nat -A POSTROUTING -j SNAT --to-source 10.9.0.55
ip netns exec c2 ping -c 1 -W 1 -e 1003 10.9.0.77
conntrack -L 2>/dev/null | sort -t = -k 2
