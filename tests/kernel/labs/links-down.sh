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
# link down in every way
ip netns exec c2 ping -c 1 10.1.0.3 > /dev/null
ip link set br0 down
ip route; bridge fdb show br br0 | grep -v 33:33; ip neigh
ip netns exec c2 ping -c 1 -W 1 10.1.0.3
ping -c 1 -W 1 10.1.0.2
ip link set br0 up
ip route; ip netns exec c2 ping -c 1 -W 1 10.1.0.1
ip -n c3 link set eth0 down; sleep 1.2
ip link show veth3; bridge link show dev veth3; ip -n c3 route; ip -n c3 addr show eth0
ip netns exec c2 ping -c 1 -W 1 10.1.0.3
ip netns exec c3 ping -c 1 -W 1 10.1.0.2
ip -n c3 link set eth0 up; ip -n c3 route
ip netns exec c3 ping -c 1 -W 1 8.8.8.8
ip -n c3 route add default via 10.1.0.1
ip netns exec c3 ping -c 1 -W 1 10.1.0.2
for i in 2 3 4; do ip link set veth$i down; done; sleep 1.2
ip link show br0; ip route; ip addr show br0
ping -c 1 -W 1 10.1.0.2
ip link set veth2 up; sleep 0.2; ip link show br0 | head -1; ip route
ping -c 1 -W 1 10.1.0.2
ip link set lo down; ping -c 1 -W 1 10.1.0.1; ping -c 1 -W 1 127.0.0.1; ip link set lo up; ip addr show lo
