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
bridge fdb add 02:42:0a:01:00:09 dev veth4 master static
bridge fdb add 02:42:0a:01:00:08 dev veth4 master dynamic
bridge fdb add 02:42:0a:01:00:07 dev veth3 master
bridge fdb append 02:42:0a:01:00:09 dev veth3 master static
bridge fdb replace 02:42:0a:01:00:09 dev veth3 master static
bridge fdb add 02:42:0a:01:00:09 dev veth3 master static
bridge fdb del 02:42:0a:01:00:77 dev veth3 master
bridge fdb del 02:42:0a:01:00:08 dev veth4 master
bridge fdb show br br0
bridge fdb show br br0 state static
bridge fdb get 02:42:0a:01:00:09 br br0
bridge fdb flush dev veth3
bridge fdb show dev veth3
bridge fdb flush dev br0
bridge fdb show br br0
ip link set br0 type bridge fdb_flush
bridge fdb show br br0
