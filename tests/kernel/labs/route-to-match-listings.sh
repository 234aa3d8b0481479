ip link add docker0 address 02:42:7d:11:22:33 type bridge
ip addr add 172.17.0.1/16 dev docker0
ip link set docker0 up
for i in 1 2 3; do
  ip netns add c$i
  ip link add veth$i type veth peer name eth0 netns c$i address 02:42:ac:11:00:0$((i+1))
  ip link set veth$i master docker0 up
  ip netns exec c$i sysctl -qw net.ipv6.conf.all.disable_ipv6=1
  ip -n c$i link set lo up
  ip -n c$i link set eth0 up
  ip -n c$i addr add 172.17.0.$((i+1))/16 dev eth0
  ip -n c$i route add default via 172.17.0.1
done
ping -c 1 172.17.0.2
ip netns exec c1 ping -c 1 172.17.0.4
ip neigh
ip neigh show 172.17.0.2
ip neigh show dev docker0 nud reachable
ip neigh add 172.17.0.9 lladdr 02:42:ac:11:00:09 dev docker0 nud permanent
ip neigh replace 172.17.0.2 lladdr 02:42:ac:11:00:03 dev docker0
ping -c 1 -W 1 172.17.0.2
ip neigh change 172.17.0.2 lladdr 02:42:ac:11:00:02 dev docker0 nud stale
ping -c 1 -W 1 172.17.0.2
ip neigh
ip neigh del 172.17.0.9 dev docker0
ip neigh del 172.17.0.9 dev docker0
ip neigh flush dev docker0
ip neigh
bridge fdb
bridge fdb show dev veth1
bridge fdb show br docker0 state permanent
bridge fdb get 02:42:ac:11:00:02 br docker0
ip route
ip route get 172.17.0.2
ip route get 8.8.8.8
ip route get 172.17.0.255
ip route get 172.17.255.255
ip route get 224.0.0.1 oif docker0
ip route get 172.17.0.2 mark 5
ip route show dev docker0
ip route show proto kernel
ip route show to match 172.17.0.2
ip route add 10.0.0.0/8 via 172.17.0.2 metric 50
ip route append 10.0.0.0/8 via 172.17.0.3 metric 60
ip route get 10.1.1.1
ip route change 10.0.0.0/8 via 172.17.0.4 metric 50
ip route add 11.0.0.0/8 via 10.0.0.1
ip route add 11.0.0.0/8 via 172.17.0.4 src 172.17.0.1 mtu 1300
ip route get 11.1.1.1
ip route show root 10.0.0.0/8
ip -br addr
ip -4 -o addr show docker0
ip link show type bridge
