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
sleep 1.2
for s in stale probe delay reachable permanent noarp; do ip neigh replace 10.1.0.1 lladdr 02:00:00:00:00:01 dev br0 nud $s; ip neigh show nud all to 10.1.0.1; done
ip neigh replace 10.1.0.5 dev br0 nud failed
ip neigh replace 10.1.0.6 dev br0 nud incomplete
ip neigh replace 10.1.0.7 dev br0 nud none
ip neigh replace 10.1.0.8 dev br0 nud stale
ip neigh show 10.1.0.0/29
ip neigh show nud failed
ip neigh get 10.1.0.1 dev br0
ip neigh get 10.1.0.99 dev br0
ip neigh add 10.1.0.1 lladdr 02:00:00:00:00:01 dev br0
ip neigh change 10.1.0.1 lladdr 02:00:00:00:00:02 dev br0 nud stale
ip neigh show dev br0
ip neigh del 10.1.0.1 lladdr 02:00:00:00:00:02 dev br0
ip neigh
ip neigh add 10.1.0.300 lladdr 02:00:00:00:00:01 dev br0
ip neigh add 10.1.0.3 lladdr zz dev br0
ip neigh add 10.1.0.3 lladdr 02:00:00:00:00:01
ip neigh add 10.1.0.3 lladdr 02:00:00:00:00:01 dev nope
ip neigh show dev nope
ip neigh flush
ip neigh flush dev br0 nud stale
ip neigh flush to 10.1.0.0/24
ip neigh show nud all
ping -c 1 10.1.0.1
ip neigh flush dev br0
ip neigh
ip neigh add 99.0.0.1 lladdr 02:00:00:00:00:01 dev br0 nud stale
ip neigh
ip neigh get 10.1.0.99 dev br0
echo $?
