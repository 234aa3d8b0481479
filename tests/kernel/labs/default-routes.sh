ip link add br0 address 02:42:7d:11:22:33 type bridge mcast_snooping 0
ip addr add 10.1.0.1/24 dev br0; ip link set br0 up
for i in 2 3 4; do
ip netns add c$i; ip netns exec c$i sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
ip link add veth$i address 02:00:00:00:00:0$i type veth peer name eth0 netns c$i address 02:42:0a:01:00:0$i
ip link set veth$i master br0 up
ip -n c$i link set lo up
ip -n c$i link set eth0 up
ip -n c$i addr add 10.1.0.$i/24 dev eth0
ip -n c$i route add default via 10.1.0.1
done
# host with two default routes, src hints, onlink, metrics, scope
ip link add eth1 address 02:00:00:00:77:01 type veth peer name eth0 netns c4b 2>&1
ip netns add gw; ip netns exec gw sysctl -qw net.ipv6.conf.all.disable_ipv6=1
ip link add eth1 address 02:00:00:00:77:01 type veth peer name eth0 netns gw address 02:00:00:00:77:02
ip link set eth1 up; ip -n gw link set eth0 up
ip addr add 10.77.0.1/30 dev eth1; ip -n gw addr add 10.77.0.2/30 dev eth0
ip route add default via 10.77.0.2 metric 100
ip route add default via 10.1.0.4 metric 200
ip route add 10.88.0.0/16 dev eth1 src 10.1.0.1
ip route add 10.89.0.0/16 via 10.99.99.1 dev eth1 onlink
ip route add 10.90.0.0/16 dev eth1 scope link mtu 1400
ip route
ip route get 10.88.1.1
ip route get 10.89.1.1
ip route get 10.90.1.1
ip route get 1.1.1.1
ip link set eth1 down
ip route get 1.1.1.1
ip route
ip link set eth1 up
ip route
ip route add default via 10.77.0.2 metric 100
iptables -A OUTPUT -p icmp -j LOG
iptables -t nat -A POSTROUTING -o eth1 -j LOG --log-prefix "snat? "
ip -n gw route add default via 10.77.0.1
ip -n gw addr add 1.1.1.1/32 dev eth0
ping -c 1 -W 1 1.1.1.1
ip netns exec c2 ping -c 1 -W 1 1.1.1.1
ping -c 1 -W 1 -I 10.1.0.1 1.1.1.1
ip -n gw addr del 1.1.1.1/32 dev eth0
ping -c 1 -W 1 1.1.1.1
