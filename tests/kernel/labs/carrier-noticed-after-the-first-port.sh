# a bridge takes its first port's address and looks at its ports then: noticed up to a second later
# alone
sleep 1.2
ip link add br0 type bridge
ip addr add 10.1.0.1/24 dev br0
ip link set br0 up
ip netns add s1
ip link add p1 type veth peer name eth0 netns s1 address 02:00:00:00:00:01
ip link set p1 master br0 up
ip link show br0 | head -1
ip addr show br0 | grep inet
ip route
sleep 1.2
ip link show br0 | head -1
ip route
ip -n s1 link set eth0 up
ip link show br0 | head -1
ip route
sleep 1.2
ip link show br0 | head -1
ip link del br0; ip link del p1; ip netns del s1; sleep 1.2
ip link add br2 type bridge
ip link set br2 up
ip netns add s1
ip link add p2 type veth peer name eth0 netns s1 address 02:00:00:00:00:01
ip link set p2 address 02:00:00:00:01:01 master br2 up
ip -n s1 link set eth0 up
ip -br link show br2
sleep 0.3
ip -br link show br2
sleep 1
ip -br link show br2
ip link del br2; ip link del p2; ip netns del s1; sleep 1.2
ip link add br3 type bridge
ip link set br3 up
sleep 1.2
ip link show br3 | head -1
ip netns add s1
ip link add p3 type veth peer name eth0 netns s1 address 02:00:00:00:00:01
ip link set p3 address 02:00:00:00:01:01
sleep 1.2
ip link set p3 master br3
ip link show br3 | head -1
ip link set p3 up
ip link show br3 | head -1
ip -n s1 link set eth0 up
ip link show br3 | head -1
sleep 1.2
ip link show br3 | head -1
