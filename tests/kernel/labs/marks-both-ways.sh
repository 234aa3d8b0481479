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
# ebtables marks and iptables, both ways
ebtables -t nat -A PREROUTING -p ipv4 -i veth2 -j mark --mark-set 5 --mark-target ACCEPT
ebtables -A FORWARD -p ipv4 --mark 5 --log --log-prefix "M5" -j CONTINUE
ebtables -A FORWARD -p ipv4 --mark 6 --log --log-prefix "M6" -j CONTINUE
ebtables -t nat -A POSTROUTING -p ipv4 --mark 7 --log --log-prefix "M7" -j CONTINUE
ebtables -A OUTPUT -p ipv4 --mark 8 --log --log-prefix "M8" -j CONTINUE
iptables -t mangle -A PREROUTING -m mark --mark 5 -j LOG --log-prefix "ipt5 "
iptables -t mangle -A PREROUTING -i br0 -p icmp -j MARK --set-mark 6
iptables -t mangle -A FORWARD -m mark --mark 6 -j MARK --set-mark 7
iptables -t mangle -A OUTPUT -p icmp -j MARK --set-mark 8
iptables -A FORWARD -m pkttype --pkt-type host -j LOG --log-prefix "host "
iptables -A FORWARD -m pkttype ! --pkt-type host -j LOG --log-prefix "other "
iptables -A INPUT -m pkttype --pkt-type broadcast -j LOG --log-prefix "bcast "
ip netns exec c2 ping -c 1 10.1.0.3
ip netns exec c2 ping -c 1 10.1.0.1
ip netns exec c2 ping -c 1 -b -W 1 10.1.0.255
ping -c 1 10.1.0.4
ebtables -L --Lc; ebtables -t nat -L --Lc; iptables -t mangle -nvL; iptables -nvL
