quiet() { ip netns exec $1 sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1; }
ip link add br0 address 02:42:7d:11:22:33 type bridge mcast_snooping 0; ip addr add 172.18.0.1/16 dev br0; ip link set br0 up
for i in 2 3 4; do
  ip netns add c$i; quiet c$i
  ip link add veth$i address 02:00:00:00:00:0$i type veth peer name eth0 netns c$i address 02:42:ac:12:00:0$i
  ip link set veth$i master br0 up
  ip -n c$i link set lo up; ip -n c$i link set eth0 up
  ip -n c$i addr add 172.18.0.$i/16 dev eth0
  ip -n c$i route add default via 172.18.0.1
done
ip netns add gw; quiet gw
ip link add eth0 address 02:00:00:00:09:01 type veth peer name eth0 netns gw address 02:00:00:00:09:02
ip addr add 10.0.0.1/24 dev eth0; ip link set eth0 up
ip -n gw link set lo up; ip -n gw link set eth0 up
ip -n gw addr add 10.0.0.254/24 dev eth0; ip -n gw addr add 198.51.100.9/32 dev lo
ip -n gw route add 172.18.0.0/16 via 10.0.0.1
ip route add default via 10.0.0.254
for chain in PREROUTING OUTPUT POSTROUTING; do ebtables -t nat -A $chain --log-level 6 --log-ip --log-arp --log-prefix "eb:nat:$chain" -j CONTINUE; done
for chain in INPUT FORWARD OUTPUT; do ebtables -t filter -A $chain --log-level 6 --log-ip --log-arp --log-prefix "eb:filter:$chain" -j CONTINUE; done
ebtables -t broute -A BROUTING --log-level 6 --log-ip --log-arp --log-prefix "eb:broute:BROUTING" -j CONTINUE
# Multicast frames through a bridge that does not snoop, and to a group the host is in.
iptables -t raw -A PREROUTING ! -p igmp -j TRACE; iptables -t raw -A OUTPUT ! -p igmp -j TRACE
ip netns exec c2 ping -c 1 -W 1 224.0.0.1
ip netns exec c2 ping -c 1 -W 1 -t 3 239.1.2.3
ip netns exec c2 ping -c 1 -W 1 -I eth0 224.0.0.18
ip route get 224.0.0.1
ip route get 239.1.1.1 oif br0
echo m | ip netns exec c3 nc -u -w 1 239.1.2.3 5000
iptables -A INPUT -m addrtype --dst-type MULTICAST
iptables -A INPUT -m pkttype --pkt-type multicast
iptables -A INPUT -m pkttype ! --pkt-type unicast
ip netns exec c2 ping -c 1 -W 1 224.0.0.1
iptables -nvL INPUT
