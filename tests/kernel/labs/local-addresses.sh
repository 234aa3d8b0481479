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
# addresses of the host that are on lo; route_localnet; local routes
iptables -t raw -A PREROUTING -p icmp -j LOG --log-prefix "raw "
ip addr add 192.0.2.1/32 dev lo
ip netns exec c2 ping -c 1 -W 1 192.0.2.1
ping -c 1 -I 192.0.2.1 10.1.0.2
ip route add local 198.51.100.0/24 dev lo
ip netns exec c2 ping -c 1 -W 1 198.51.100.77
ping -c 1 -W 1 198.51.100.78
ip route show table local | grep 198
ip route add 203.0.113.0/24 dev lo
ip netns exec c2 ping -c 1 -W 1 203.0.113.5
ping -c 1 -W 1 203.0.113.6
ip -n c2 route add 127.9.9.0/24 via 10.1.0.1
ip netns exec c2 ping -c 1 -W 1 127.9.9.1
ip netns exec c2 ip route get 127.9.9.1
iptables -t nat -A PREROUTING -d 10.1.0.1 -p icmp -j DNAT --to-destination 127.0.0.1
ip netns exec c3 ping -c 1 -W 1 10.1.0.1
sysctl -w net.ipv4.conf.br0.route_localnet=1
ip netns exec c3 ping -c 1 -W 1 10.1.0.1
iptables -t nat -F
sysctl -w net.ipv4.conf.all.accept_local=1 net.ipv4.conf.all.log_martians=1
ip -n c4 addr add 10.1.0.1/32 dev lo
ip netns exec c4 ping -c 1 -W 1 -I 10.1.0.1 192.0.2.1
iptables -t raw -nvL
