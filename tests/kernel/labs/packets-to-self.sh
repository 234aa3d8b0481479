ip link add docker0 address 02:42:7d:11:22:33 type bridge mcast_snooping 0
ip addr add 172.17.0.1/16 dev docker0
ip link set docker0 up
for i in 2 3 4; do
ip netns add c$i; ip netns exec c$i sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
ip link add veth$i type veth peer name eth0 netns c$i address 02:42:ac:11:00:0$i
ip link set veth$i master docker0 up
ip -n c$i link set eth0 up
ip -n c$i addr add 172.17.0.$i/16 dev eth0
ip -n c$i route add default via 172.17.0.1
done
ip netns exec c2 ip link set lo up
ip link set lo up
iptables -t raw -A PREROUTING -i lo -j TRACE
iptables -t raw -A OUTPUT -o lo -j TRACE
ping -c 1 127.0.0.1
ping -c 1 -I lo 172.17.0.1
ping -c 1 172.17.0.1
ping -c 1 -I 172.17.0.1 127.0.0.1
ping -c 1 127.1.2.3
ping -c 1 0.0.0.0
ip netns exec c2 ping -c 1 172.17.0.2
ip netns exec c2 ping -c 1 127.0.0.1
ip netns exec c3 ping -c 1 127.0.0.1
ip netns exec c3 ping -c 1 172.17.0.3
