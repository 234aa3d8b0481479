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
for c in INPUT FORWARD; do
iptables -A $c -m physdev --physdev-in veth2
iptables -A $c -m physdev ! --physdev-in veth2
iptables -A $c -m physdev --physdev-is-in
iptables -A $c -m physdev --physdev-is-bridged
iptables -A $c -m physdev ! --physdev-is-bridged
iptables -A $c -m physdev --physdev-out veth3
iptables -A $c -m physdev ! --physdev-out veth3
iptables -A $c -m physdev ! --physdev-is-out
iptables -A $c -m mac --mac-source 02:42:ac:11:00:02
iptables -A $c -m mac ! --mac-source 02:42:ac:11:00:02
iptables -A $c -m pkttype --pkt-type unicast
iptables -A $c -m pkttype --pkt-type broadcast
iptables -A $c -m pkttype --pkt-type otherhost
iptables -A $c -m iprange --src-range 172.17.0.2-172.17.0.3 ! --dst-range 172.17.0.3-172.17.0.9
iptables -A $c -m ttl --ttl-lt 64
iptables -A $c -m ttl --ttl-gt 63
done
iptables -A INPUT -m addrtype --dst-type LOCAL --limit-iface-in
iptables -A INPUT -m addrtype --dst-type LOCAL
iptables -A INPUT -m addrtype --dst-type BROADCAST
iptables -A FORWARD -m addrtype --src-type UNICAST ! --dst-type LOCAL
iptables -A OUTPUT -m owner --uid-owner 0
iptables -A OUTPUT -m owner ! --uid-owner 0
iptables -A OUTPUT -m owner --socket-exists
iptables -A OUTPUT -m owner ! --socket-exists
iptables -A OUTPUT -m physdev ! --physdev-in veth2
iptables -A OUTPUT -m pkttype --pkt-type unicast
iptables -A OUTPUT -m connmark --mark 0
iptables -A OUTPUT -m multiport -p tcp --ports 80,443
ip netns exec c2 ping -c 1 172.17.0.3
ip netns exec c2 ping -c 1 172.17.0.1
ip netns exec c2 ping -c 1 10.9.0.1
ip netns exec c2 ping -c 1 -W 1 -b 172.17.255.255
ip netns exec c3 ping -c 1 -W 1 10.9.0.2
ip netns exec out ping -c 1 10.9.0.1
nc -w 1 10.9.0.2 443
ping -c 1 172.17.0.2
ip netns exec c2 nc -w 1 172.17.0.1 9999
iptables -nvL
