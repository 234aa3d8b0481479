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
for chain in PREROUTING OUTPUT POSTROUTING; do ebtables -t nat -A $chain --log-level 6 --log-ip --log-arp --log-prefix "eb:nat:$chain" -j CONTINUE; done
for chain in INPUT FORWARD OUTPUT; do ebtables -t filter -A $chain --log-level 6 --log-ip --log-arp --log-prefix "eb:filter:$chain" -j CONTINUE; done
ebtables -t broute -A BROUTING --log-level 6 --log-ip --log-arp --log-prefix "eb:broute:BROUTING" -j CONTINUE
# A station moves: the same MAC behind another port, and a port that learns nothing.
ip netns exec c2 ping -c 1 -q 172.18.0.3 > /dev/null
ip -n c4 link set eth0 down; ip -n c4 link set eth0 address 02:42:ac:12:00:02; ip -n c4 link set eth0 up
ip -n c4 route add default via 172.18.0.1
ip netns exec c4 ping -c 1 172.18.0.1 | head -2
bridge fdb show br br0 | grep ac:12
ip netns exec c3 ping -c 1 -W 1 172.18.0.2
bridge link set dev veth4 learning off
bridge fdb show br br0 | grep ac:12
