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
# learning and moving MACs
ip netns exec c2 ping -c 1 10.1.0.3 >/dev/null
bridge fdb show dynamic | sort
bridge fdb show br br0 dynamic dev veth2
# c4 takes c2's MAC
ip -n c4 link set eth0 address 02:42:0a:01:00:02
ip netns exec c4 ping -c 1 -W 1.5 10.1.0.1
bridge fdb show dynamic | sort
bridge fdb add 02:42:0a:01:00:02 dev veth2 master static
ip netns exec c4 ping -c 1 -W 1.5 10.1.0.3
bridge fdb show | grep 0a:01:00:02
bridge fdb del 02:42:0a:01:00:02 dev veth2 master
# a container with the bridge's own MAC
ip -n c4 link set dev eth0 address 02:42:7d:11:22:33
ip netns exec c4 ping -c 1 -W 1.5 10.1.0.3
ip link set br0 address 02:42:7d:11:22:44
ip netns exec c3 ping -c 1 -W 1.5 10.1.0.1
ip -n c3 neigh
bridge fdb show br br0 | grep 7d
ip link set br0 type bridge ageing_time 0
ip netns exec c2 ping -c 1 -W 1.5 10.1.0.3
bridge fdb show dynamic
