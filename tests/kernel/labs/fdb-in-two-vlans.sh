ip link add br0 address 02:00:00:00:00:01 type bridge mcast_snooping 0
ip link set br0 up
ip addr add 10.0.0.1/24 dev br0
for n in 1 2 3; do ip netns add c$n; ip netns exec c$n sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1; ip link add veth$n address 02:00:00:00:01:0$n type veth peer name eth0 netns c$n address 02:00:00:00:02:0$n; ip link set veth$n master br0 up; ip -n c$n link set eth0 up; ip -n c$n addr add 10.0.0.1$n/24 dev eth0; done
bridge fdb show br br0 | grep -v self
bridge fdb add 02:00:00:00:02:01 dev veth2 master static
ip netns exec c1 ping -c 1 10.0.0.1
bridge fdb show br br0 | grep 02:01
bridge fdb del 02:00:00:00:02:01 dev veth2 master
echo st $?
bridge fdb show br br0 | grep 02:01
bridge fdb del 02:00:00:00:02:01 dev veth1 master
echo st $?
bridge fdb show br br0 | grep 02:01
bridge fdb add 02:00:00:00:0c:01 dev veth3 master dynamic
bridge fdb add 02:00:00:00:02:01 dev veth3 master dynamic
ip netns exec c1 ping -c 1 10.0.0.12
bridge fdb show br br0 | grep -v self
bridge fdb get 02:00:00:00:02:01 br br0
bridge fdb get 02:00:00:00:02:01 br br0 vlan 1
ip link set veth3 down
bridge fdb show br br0 | grep -v self
bridge fdb add 02:00:00:00:0c:02 dev veth3 master dynamic
bridge fdb add 02:00:00:00:0c:03 dev veth3 master static
bridge fdb show br br0 | grep -v self
bridge fdb flush dev veth1 master
bridge fdb show br br0 | grep -v self
bridge fdb show dev veth1
bridge fdb show brport veth1
bridge fdb show state permanent
bridge fdb show dynamic
bridge fdb show state static
ip link set veth1 type bridge_slave fdb_flush
bridge fdb show br br0 | grep -v self
ip link set br0 type bridge fdb_flush
bridge fdb show br br0 | grep -v self
