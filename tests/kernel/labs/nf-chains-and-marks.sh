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
iptables -N U1; iptables -N U2; iptables -N U3
iptables -A FORWARD -p icmp -j U1
iptables -A FORWARD -j RETURN
iptables -A FORWARD -s 1.2.3.4 -j DROP
iptables -A U1 -g U2
iptables -A U1 -j DROP
iptables -A U2 -m comment --comment x -j U3
iptables -A U3 -s 172.17.0.2 -j LOG --log-prefix "u3 " --log-level 3
iptables -A U3 -s 9.9.9.9
iptables -A U3 -j RETURN
iptables -A U3 -j DROP
iptables -t mangle -A FORWARD -j MARK --set-mark 5
iptables -t mangle -A FORWARD -m mark --mark 5 -j MARK --or-mark 0x10
iptables -t mangle -A POSTROUTING -m mark --mark 0x15 -j MARK --set-mark 0
iptables -A INPUT -p icmp -m icmp --icmp-type 8 -m length --length 84 -m ttl --ttl-eq 64 -j ACCEPT
iptables -A INPUT -j U2
iptables -A OUTPUT ! -i eth0 -m owner --uid-owner 0
iptables -A OUTPUT -m addrtype --src-type LOCAL --dst-type UNICAST
iptables -A FORWARD -m physdev --physdev-in veth+ --physdev-is-bridged
ip netns exec c2 ping -c 1 172.17.0.3
ip netns exec c2 ping -c 1 172.17.0.1
ping -c 1 172.17.0.2
ip netns exec c3 ping -c 1 10.9.0.2
iptables -nvL
