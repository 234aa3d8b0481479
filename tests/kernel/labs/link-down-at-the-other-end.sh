ip link add br0 address 02:00:00:00:00:fe type bridge
ip addr add 10.1.0.254/24 dev br0
ip link set br0 up
ip netns add a
ip netns exec a sysctl -qw net.ipv6.conf.default.disable_ipv6=1 net.ipv6.conf.all.disable_ipv6=1
ip link add va address 02:00:00:00:ff:01 type veth peer name eth0 netns a address 02:00:00:00:00:01
ip link set va master br0 up
ip -n a link set lo up
ip -n a link set eth0 up
ip -n a addr add 10.1.0.1/24 dev eth0
ip -n a route add default via 10.1.0.254
ip netns add b
ip netns exec b sysctl -qw net.ipv6.conf.default.disable_ipv6=1 net.ipv6.conf.all.disable_ipv6=1
ip link add vb address 02:00:00:00:ff:02 type veth peer name eth0 netns b address 02:00:00:00:00:02
ip link set vb master br0 up
ip -n b link set lo up
ip -n b link set eth0 up
ip -n b addr add 10.1.0.2/24 dev eth0
ip -n b route add default via 10.1.0.254
ping -c 1 10.1.0.1
ping -c 1 10.1.0.2
sleep 3
ip -n a link set eth0 down
bridge link
ip neigh
ping -c 1 -W 1 10.1.0.1
ip neigh
bridge fdb show br br0 | grep -v self
ip -n b link set eth0 down
sleep 1.5
ip neigh
ip route
ip link show br0
ping -c 1 -W 1 10.1.0.2
ip -n a link set eth0 up
ip -n b link set eth0 up
ip -n a addr
sleep 1.5
ip link show br0
ping -c 1 -W 1 10.1.0.1
ping -c 1 -W 1 10.1.0.2
ip neigh
