ip link add docker0 address 02:42:7d:11:22:33 type bridge
ip addr add 172.17.0.1/16 dev docker0
ip link set docker0 up
for i in 2 3 4; do
ip netns add c$i
ip link add veth$i type veth peer name eth0 netns c$i address 02:42:ac:11:00:0$i
ip link set veth$i master docker0 up
ip -n c$i link set eth0 up
ip -n c$i addr add 172.17.0.$i/16 dev eth0
ip -n c$i route add default via 172.17.0.1
done
# show everything
ip addr
ip -br addr
ip -br link
ip link show docker0
ip -n c2 addr show eth0
ip -n c2 route
ip route
ip route show table local
bridge link
bridge fdb
bridge fdb show dev veth2
ip neigh
ip netns exec c3 ping -c 2 -i 0.2 172.17.0.4
ip -n c3 neigh
ip -n c4 neigh show nud reachable
ip netns
ip netns list
