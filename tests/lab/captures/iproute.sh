p() { echo "\$ $*"; "$@"; r=$?; [ $r = 0 ] || echo "rc=$r"; }
p ip link add br0 address 02:42:7d:11:22:33 type bridge
p ip addr add 172.17.0.1/16 dev br0
p ip link set br0 up
p ip netns add c1
p ip netns add c2
p ip netns add c1
p ip link add v1 type veth peer name eth0 netns c1 address 02:42:ac:11:00:02
p ip link add v2 address 02:00:00:00:00:22 type veth peer name eth0 address 02:42:ac:11:00:03 netns c2
p ip link set v1 master br0 up
p ip link set v2 up master br0
p ip -n c1 link set eth0 up
p ip -n c1 link set lo up
p ip -n c1 addr add 172.17.0.2/16 dev eth0
p ip -n c1 route add default via 172.17.0.1
p ip link
p ip link show br0
p ip -br link
p ip -br addr
p ip addr
p ip addr show dev br0
p ip -4 addr show br0
p ip -o addr
p ip -o -4 addr show
p ip -o link show
p ip -n c1 addr
p ip -n c1 route
p ip route
p ip route show table local
p ip route show table all
p ip netns list
p ip netns
p ip netns exec c1 ip -br a
p ip link show nosuch
p ip addr show nosuch
p ip link del nosuch
p ip link add v1 type veth peer name x
p ip link add x type nosuch
p ip link set v1 master nosuch
p ip link set v1 nomaster; sleep 1.2
p ip link set v1 master v2
p ip route add 10.0.0.0/8 via 1.2.3.4
p ip route add 10.0.0.0/8 via 172.17.0.9
p ip route add 10.0.0.0/8 via 172.17.0.9
p ip route replace 10.0.0.0/8 via 172.17.0.8
p ip route add 10.1.0.0/16 dev br0
p ip route add 10.2.0.0/16 dev br0 src 172.17.0.1 metric 50
p ip route add unreachable 10.3.0.0/16
p ip route add blackhole 10.4.0.0/16
p ip route add prohibit 10.5.0.0/16
p ip route add 10.6.0.1 dev br0 scope link
p ip route add default via 172.17.0.7 dev br0 metric 100
p ip route add 10.7.0.0/16 via 9.9.9.9 dev br0 onlink
p ip route
p ip route show 10.0.0.0/8
p ip route show dev br0
p ip route show default
p ip route get 8.8.8.8
p ip route get 10.3.0.1
p ip route get 10.4.0.1
p ip route get 10.5.0.1
p ip route get 172.17.0.1
p ip route get 127.0.0.1
p ip route get 172.17.0.5
p ip route get 172.17.255.255
p ip route get 8.8.8.8 from 172.17.0.2 iif br0
p ip route get 8.8.8.8 from 172.17.0.1
p ip route get 10.1.2.3 mark 1
p ip -n c2 route get 8.8.8.8
p ip route del 10.9.0.0/16
p ip route del 10.1.0.0/16
p ip route add 10.1.2.0/8 dev br0
p ip route add table 100 default via 172.17.0.3
p ip route show table 100
p ip route flush 10.0.0.0/8
p ip route flush table 100
p ip rule
p ip rule add fwmark 1 table 100
p ip rule
ip neigh | sort
p ip neigh add 172.17.0.50 lladdr 02:00:00:00:00:50 dev br0
p ip neigh add 172.17.0.51 lladdr 02:00:00:00:00:51 dev br0 nud permanent
p ip neigh add 172.17.0.51 lladdr 02:00:00:00:00:51 dev br0 nud permanent
p ip neigh replace 172.17.0.52 lladdr 02:00:00:00:00:52 dev br0 nud stale
p ip neigh add 172.17.0.53 lladdr 02:00:00:00:00:53 dev br0 nud reachable
ip neigh | sort
ip neigh show dev br0 | sort
p ip neigh show 172.17.0.51
p ip neigh get 172.17.0.51 dev br0
p ip neigh del 172.17.0.50 dev br0
p ip neigh del 172.17.0.77 dev br0
p ip neigh flush dev br0
ip neigh | sort
p ip neigh flush all
p ip addr add 172.17.0.9/16 dev br0
p ip addr add 172.17.5.5/24 brd + dev br0
p ip addr add 172.18.5.5/24 brd 172.18.5.255 dev br0 label br0:1
p ip addr add 10.20.0.1 peer 10.20.0.2 dev br0
p ip addr show br0
p ip addr del 172.17.0.99/16 dev br0
p ip addr del 172.17.0.1/16 dev br0
p ip addr show br0
p ip addr flush dev br0
p ip addr show br0
p ip link set v1 down; sleep 1.2
p ip link set v1 mtu 1400
p ip link set v1 name v9
p ip link set v9 address 02:00:00:00:00:99
p ip link set v9 up
p ip link set v9 name vv
p ip link show v9
p ip link add d0 type dummy
p ip link set d0 up
p ip link show d0
p ip link show type bridge
p ip link show master br0
p ip link show up
p ip link set d0 netns c1
p ip -n c1 link show d0
p ip link set d0 netns nosuch
p ip -n nosuch link
p ip netns exec nosuch ls
p ip netns del c2
p ip netns del nosuch
p ip link
p ip link set br0 type bridge ageing_time 1000 stp_state 0 forward_delay 0
p ip link set br0 type bridge nf_call_iptables 1
p ip link del br0
p ip link del v9
p ip -br link
