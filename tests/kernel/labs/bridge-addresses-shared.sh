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
ip link add d0 address 02:00:00:00:ff:01 type dummy
ip link set d0 master br0
bridge fdb show br br0 | grep -v self
ip link set va nomaster
bridge fdb show br br0 | grep -v self
ip link set va master br0
ip link set br0 address 02:00:00:00:ff:02
bridge fdb show br br0 | grep -v self
ip netns exec a ping -c 1 -W 1 10.1.0.254
ip link set vb nomaster
bridge fdb show br br0 | grep -v self
ip link set br0 address 02:00:00:00:00:aa
bridge fdb show br br0 | grep -v self
ip netns exec a ping -c 1 -W 1 10.1.0.254
ip -n a neigh
ip neigh
ip link del d0
bridge fdb show br br0 | grep -v self
