ip link add br0 address 02:42:00:00:00:01 type bridge
ip addr add 172.18.0.1/24 dev br0
ip link set br0 up
ip netns add c1
ip netns add c2
ip link add v1 type veth peer name eth0 netns c1 address 02:42:ac:12:00:02
ip link add v2 type veth peer name eth0 netns c2 address 02:42:ac:12:00:03
ip link set v1 master br0 up
ip link set v2 master br0 up
ip -n c1 link set eth0 up
ip -n c2 link set eth0 up
ip -n c1 addr add 172.18.0.2/24 dev eth0
ip -n c2 addr add 172.18.0.3/24 dev eth0
ip -n c1 route add default via 172.18.0.1
ip -n c2 route add default via 172.18.0.1
sleep 3
ip netns exec c1 ip link set eth0 mtu 1400
iptables -t raw -A PREROUTING -m mac --mac-source 02:42:ac:12:00:02 -m pkttype --pkt-type unicast -j LOG --log-prefix "uni "
iptables -t raw -A PREROUTING -m pkttype --pkt-type broadcast -j LOG --log-prefix "bc " --log-macdecode
iptables -t raw -A PREROUTING -m pkttype --pkt-type multicast -j LOG --log-prefix "mc "
iptables -A INPUT -m pkttype ! --pkt-type unicast -j DROP
iptables -A OUTPUT -m pkttype --pkt-type unicast
iptables -A OUTPUT -m pkttype ! --pkt-type unicast
iptables -t mangle -A POSTROUTING -m pkttype --pkt-type broadcast
iptables -t mangle -A POSTROUTING -m pkttype --pkt-type otherhost
iptables -t mangle -A FORWARD -m mac ! --mac-source 02:42:ac:12:00:02 -m physdev --physdev-is-bridged
iptables -t mangle -A INPUT -m mac --mac-source 02:42:ac:12:00:02
iptables -A FORWARD -m mac --mac-source 02:42:ac:12:00:03
iptables -N X
iptables -A X -m mac --mac-source 02:42:ac:12:00:03
iptables -A OUTPUT -j X; echo $?
iptables -A INPUT -j X; echo $?
ip netns exec c1 ping -c 1 172.18.0.3
ip netns exec c1 ping -b -c 1 -W 1 172.18.0.255
ip netns exec c1 ping -c 1 -W 1 224.0.0.1
ping -b -c 1 -W 1 172.18.0.255
ping -c 1 172.18.0.3
ping -c 1 127.0.0.1
iptables -nvL --line-numbers
iptables -t raw -nvL
iptables -t mangle -nvL
