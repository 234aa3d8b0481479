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
# port down, detach, reattach, fdb
ip netns exec c2 ping -c 1 10.1.0.3
bridge fdb show br br0 | sort
ip link set veth3 down
bridge fdb show br br0 | sort
ip netns exec c2 ping -c 1 -W 1 10.1.0.3
bridge link show
ip link set veth3 up
ip netns exec c2 ping -c 1 -W 1 10.1.0.3
ip link set veth3 nomaster
bridge link show dev veth2
ip netns exec c2 ping -c 1 -W 1 10.1.0.3; ip -n c2 neigh
ip link set dev veth3 master br0
ip netns exec c2 ping -c 1 -W 2 10.1.0.3; ip -n c2 neigh
bridge fdb show brport veth3
ip -n c2 link set eth0 down
sleep 2
ip link show veth2; bridge link
ip -n c2 route
ip -n c2 link set eth0 up
ip -n c2 route
ip netns exec c2 ping -c 1 -W 1 10.1.0.4
