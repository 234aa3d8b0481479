# What goes together in a route, and what the kernel says where it does not.
ip netns add a
ip link add v1 type veth peer name e0 netns a
ip addr add 10.1.0.1/24 dev v1
ip link set v1 up
ip -n a link set lo up
ip -n a addr add 10.1.0.2/24 dev e0
ip -n a link set e0 up
ip netns add b
ip link add v2 type veth peer name e0 netns b
ip addr add 10.2.0.1/24 dev v2
ip link set v2 up
ip -n b link set lo up
ip -n b addr add 10.2.0.2/24 dev e0
ip -n b link set e0 up
ip route add 10.30.0.0/24 dev v1 scope global
ip route add 10.31.0.0/24 via 10.30.0.5
ip route add 10.32.0.0/24 via 10.1.0.2 scope link
ip route add 10.32.0.0/24 via 10.1.0.2 scope host
ip route add 10.33.0.0/24 via 10.1.0.2 scope 252
ip route add 10.34.0.0/24 via 10.1.0.1
ip route add 10.34.1.0/24 via 10.1.0.1 scope link
ip route add 10.34.2.0/24 via 10.1.0.1 scope host
ip route add 10.35.0.0/24 via 10.1.0.2 onlink
ip route add 10.35.0.0/24 via 10.1.0.2 dev v1 onlink scope link
ip route add 10.35.0.0/24 via 10.1.0.1 dev v1 onlink
ip route add 10.35.0.0/24 via 10.1.0.255 dev v1 onlink
ip route add 10.36.0.0/24 via 10.1.0.255
ip route add unreachable 10.40.0.0/16
ip route add 10.37.0.0/24 via 10.40.0.1
ip route add default via 10.1.0.2
ip route add 10.37.0.0/24 via 10.40.0.1
ip route add 10.38.0.0/24 via 10.33.0.1
ip route add 10.60.0.0/24 dev v2 table 9
ip route add 10.61.0.0/24 via 10.60.0.1 table 9
ip route add 10.62.0.0/24 via 10.60.0.1
ip route add 10.63.0.0/24 via 10.1.0.2 table 9
ip route add 10.64.0.0/24 via 10.63.0.2 table 9
ip route add 10.65.0.0/24 dev v1 via 10.2.0.2
ip route add 10.66.0.0/24 via 224.0.0.1 dev v1
ip route add 10.67.0.0/24 via 0.0.0.0 dev v1
ip route add local 10.68.0.0/24 via 10.1.0.2
ip route add unreachable 10.69.0.0/24 via 10.1.0.2
ip route add blackhole 10.69.0.0/24 dev v1
ip route add prohibit 10.70.0.0/24 src 10.1.0.1
ip route add throw 10.71.0.0/24 metric 5 proto static
ip route add 224.0.0.0/4 dev v1
ip route add 255.255.255.255 dev v1
ip route
ip route show table 9
ip route show type local table all | grep -v 127
ip route get 10.70.0.1
ip route get 10.71.0.1
ip route get 224.0.0.7
ip route get 255.255.255.255
ping -c 1 -W 1 10.70.0.1
ping -c 1 -W 1 -I v1 10.70.0.1
ip route get 10.70.0.1 oif v1
ip route get 10.70.0.1 from 10.2.0.1
