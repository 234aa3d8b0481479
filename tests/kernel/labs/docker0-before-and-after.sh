# a docker host before and after its first container: what the listings say
# alone
ip link add docker0 address 02:42:7d:11:22:33 type bridge mcast_snooping 0
ip addr add 172.17.0.1/16 brd 172.17.255.255 dev docker0
ip link set docker0 up
ip route
ip -br addr show docker0
ip link show docker0 | head -1
ping -c 1 -W 1 172.17.0.2
ip neigh
ip netns add c1
ip link add veth1 type veth peer name eth0 netns c1 address 02:42:ac:11:00:02
ip netns exec c1 sysctl -qw net.ipv6.conf.all.disable_ipv6=1
ip link set veth1 master docker0
ip link set veth1 up
ip -n c1 link set eth0 up
ip -n c1 addr add 172.17.0.2/16 dev eth0
ip -n c1 route add default via 172.17.0.1
ip route
ip link show docker0 | head -1
ping -c 1 -W 1 172.17.0.2
ip neigh
ip -n c1 link set eth0 down
sleep 1.2
ip route
ip -br link show docker0
ip -br link show type bridge
ping -c 1 -W 1 172.17.0.2
ip neigh
ip route get 172.17.0.2
ip -n c1 link set eth0 up
sleep 1.2
ip route
ip netns del c1
sleep 1.2
ip route
ip -br link show docker0
bridge fdb show br docker0
