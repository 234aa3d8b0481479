ip link add docker0 address 02:42:7d:11:22:33 type bridge mcast_snooping 0
ip addr add 172.17.0.1/16 dev docker0
ip link set docker0 up
for i in 2 3; do
ip netns add c$i; ip netns exec c$i sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
ip link add veth$i type veth peer name eth0 netns c$i address 02:42:ac:11:00:0$i
ip link set veth$i master docker0 up
ip -n c$i link set eth0 up
ip -n c$i addr add 172.17.0.$i/16 dev eth0
ip -n c$i route add default via 172.17.0.1
done
# moving a container between bridges; deleting things in the middle of traffic
ip link add br1 type bridge mcast_snooping 0
ip addr add 172.18.0.1/16 dev br1
ip link set br1 up
ip netns exec c2 ping -c 1 172.17.0.3
ip link set veth3 nomaster
ip link set veth3 master br1
ip netns exec c2 ping -c 1 -W 1 172.17.0.3
bridge link | cut -d: -f2 | sort
ip -n c3 addr flush dev eth0
ip -n c3 addr add 172.18.0.3/16 dev eth0
ip -n c3 route add default via 172.18.0.1
iptables -A FORWARD -p icmp -j LOG --log-prefix "routed "
ip netns exec c2 ping -c 1 -W 1 172.18.0.3
ip link del br1
ip addr show br1
ip netns exec c2 ping -c 1 -W 1 172.18.0.3
ip link show veth3 | head -1 | cut -d: -f2,3
ip link set veth3 up master docker0
ip -n c3 addr add 172.17.0.3/16 dev eth0
ip netns exec c3 ping -c 1 -W 1 172.17.0.2
ip netns del c3
sleep 1
ip -br link | awk '{print $1,$2}'
bridge fdb show dynamic
ip netns exec c3 true
