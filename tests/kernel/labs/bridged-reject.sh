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
# REJECT in a router's or bridge's path: what the icmp errors look like at ebtables
iptables -A FORWARD -s 10.1.0.2 -d 10.1.0.3 -j REJECT
iptables -A FORWARD -s 10.1.0.2 -d 10.1.0.4 -p icmp -j REJECT --reject-with icmp-host-prohibited
iptables -A OUTPUT -p icmp -j LOG --log-prefix "OUT "
iptables -t raw -A PREROUTING -p icmp -j TRACE
ebtables -A OUTPUT --log-ip --log --log-prefix "EBO" -j CONTINUE
ebtables -t nat -A POSTROUTING --log-ip --log --log-prefix "EBPOST" -j CONTINUE
ebtables -A FORWARD --log-ip --log --log-prefix "EBF" -j CONTINUE
ip netns exec c2 ping -c 1 -W 1 10.1.0.3
ip netns exec c2 ping -c 1 -W 1 10.1.0.4
ip netns exec c2 traceroute -n -q 1 -w 1 -m 2 10.1.0.3
ebtables -L --Lc
