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
# dnat to the bridge and to another port; redirect; broute; iptables TRACE along
ebtables -t nat -A PREROUTING -i veth2 -p ipv4 --ip-dst 10.1.0.3 -j dnat --to-destination 02:42:0a:01:00:04
iptables -t raw -A PREROUTING -p icmp -j TRACE
ebtables -A FORWARD --log --log-ip --log-prefix F -j CONTINUE
ebtables -A INPUT --log --log-ip --log-prefix I -j CONTINUE
ip -n c4 addr add 10.1.0.3/32 dev lo
ip netns exec c2 ping -c 1 -W 1 10.1.0.3
ebtables -t nat -F
ebtables -t nat -A PREROUTING -i veth2 -p ipv4 --ip-dst 10.1.0.3 -j redirect
iptables -t nat -A PREROUTING -d 10.1.0.3 -p icmp -j DNAT --to 10.1.0.4
ip netns exec c2 ping -c 1 -W 1 10.1.0.3
ebtables -t nat -F; iptables -t nat -F
ebtables -t nat -A PREROUTING -i veth2 -p ipv4 -j dnat --to-destination 02:42:7d:11:22:33 --dnat-target ACCEPT
ip netns exec c2 ping -c 1 -W 1 10.1.0.4
ebtables -t nat -F
ebtables -t nat -A OUTPUT -p ipv4 --ip-dst 10.1.0.2 -j dnat --to-destination 02:42:0a:01:00:03
ebtables -A OUTPUT --log --log-ip --log-prefix O -j CONTINUE
ping -c 1 -W 1 10.1.0.2
ebtables -t nat -L --Lc
iptables -t raw -nvL
