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
# fixed entries that are wrong
ebtables -A FORWARD --log --log-prefix F; ebtables -A INPUT --log --log-prefix I
iptables -t raw -A PREROUTING -j LOG --log-prefix "raw "
bridge fdb replace 02:42:0a:01:00:03 dev veth4 master static
ip netns exec c2 ping -c 1 -W 1 10.1.0.3
bridge fdb replace 02:42:0a:01:00:03 dev veth4 master local
ip netns exec c2 ping -c 1 -W 1 10.1.0.3
bridge fdb del 02:42:0a:01:00:03 dev veth4 master
ip netns exec c2 ping -c 1 -W 1 10.1.0.3
bridge fdb add 02:42:0a:01:00:04 dev br0 self local
ip netns exec c2 ping -c 1 -W 1 10.1.0.4
bridge fdb del 02:42:0a:01:00:04 dev br0 self
ip netns exec c2 ping -c 1 -W 1 10.1.0.4
bridge fdb show br br0 | grep 0a:01
bridge link set dev veth2 learning off
bridge fdb del 02:42:0a:01:00:02 dev veth2 master
ip netns exec c2 ping -c 1 -W 1 10.1.0.4
bridge fdb show br br0 | grep 0a:01
