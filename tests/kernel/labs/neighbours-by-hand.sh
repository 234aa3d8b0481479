ip link add docker0 address 02:42:7d:11:22:33 type bridge mcast_snooping 0
ip addr add 172.17.0.1/16 dev docker0
ip link set docker0 up
for i in 2 3 4; do
ip netns add c$i; ip netns exec c$i sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
ip link add veth$i type veth peer name eth0 netns c$i address 02:42:ac:11:00:0$i
ip link set veth$i master docker0 up
ip -n c$i link set eth0 up
ip -n c$i addr add 172.17.0.$i/16 dev eth0
ip -n c$i route add default via 172.17.0.1
done
# neighbours
ip netns exec c2 ping -c 1 172.17.0.1 >/dev/null
ip neigh add 172.17.0.50 lladdr 02:42:ac:11:00:50 dev docker0
ip neigh add 172.17.0.51 lladdr 02:42:ac:11:00:51 dev docker0 nud stale
ip neigh add 172.17.0.2 lladdr 02:42:ac:11:00:51 dev docker0
ip neigh replace 172.17.0.3 lladdr 02:42:ac:11:00:03 dev docker0 nud reachable
ip neigh change 172.17.0.51 lladdr 02:42:ac:11:00:52 dev docker0 nud noarp
ip neigh add 172.17.0.60 dev docker0
ip neigh show
ip neigh show 172.17.0.50
ip neigh show nud permanent
ip neigh get 172.17.0.50 dev docker0
ping -c 1 -W 1 172.17.0.50
ping -c 1 -W 4 172.17.0.99
ip n
ip neigh del 172.17.0.50 dev docker0
ip neigh del 172.17.0.50 dev docker0
ip neigh flush dev docker0
ip neigh
ip neigh flush all
ip n show
