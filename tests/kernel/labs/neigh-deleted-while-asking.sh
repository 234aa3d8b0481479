# A neighbour that is being asked for is taken away: who waits for it hears that it cannot be reached.
ip link add d0 type dummy
ip link add v0 type veth peer name v1
ip netns add c
ip link set v1 netns c
ip addr add 10.0.0.1/24 dev v0
ip link set v0 up
ip -n c link set v1 up
ip -n c addr add 10.0.0.2/24 dev v1
ip -n c route add default via 10.0.0.1
ip addr add 10.5.0.1/24 dev d0
ip link set d0 up
iptables -t raw -A OUTPUT -p icmp -j TRACE
ping -c 1 -W 4 10.0.0.9 &
sleep 0.3
ip neigh show 10.0.0.9
ip neigh del 10.0.0.9 dev v0
sleep 0.1
ip neigh show 10.0.0.9
ping -c 1 -W 4 10.0.0.8 &
sleep 0.3
ip neigh flush dev v0
sleep 0.1
ping -c 1 -W 4 10.0.0.7 &
sleep 0.3
ip neigh replace 10.0.0.7 dev v0 nud failed
sleep 0.1
ip neigh show
ping -c 1 -W 4 10.0.0.6 &
sleep 0.3
ip neigh replace 10.0.0.6 dev v0 lladdr 02:00:00:00:00:06
sleep 0.1
ip neigh show 10.0.0.6
ping -c 1 -W 4 10.0.0.5 &
sleep 0.3
ip link set v0 down
sleep 0.1
ip link set v0 up
ip neigh show
wait
