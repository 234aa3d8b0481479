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
# marks, redirect to the host, iptables sees it
ebtables -t nat -A PREROUTING -i veth2 -p ipv4 -j mark --mark-set 0x22 --mark-target CONTINUE
ebtables -t broute -A BROUTING -p ipv4 -i veth3 -j redirect --redirect-target DROP
iptables -t mangle -A PREROUTING -m mark --mark 0x22 -j LOG --log-prefix "marked: "
iptables -A FORWARD -j LOG --log-prefix "fwd: "
iptables -A INPUT -p icmp -j LOG --log-prefix "in: "
ip netns exec c2 ping -c 1 172.17.0.4
ip netns exec c3 ping -c 1 -W 2 172.17.0.4
ip netns exec c3 ping -c 1 -W 2 172.17.0.1
ebtables -t nat -L --Lc
ebtables -t broute -L --Lc
iptables -t mangle -nvL PREROUTING
iptables -nvL
