p() { echo "\$ $*"; "$@"; r=$?; [ $r = 0 ] || echo "rc=$r"; }
ip link add br0 type bridge; ip addr add 172.17.0.1/16 dev br0; ip link set br0 up
p ip route
p ip -br addr
sleep 2
p ip route
p ip -br link
ip link add v1 type veth peer name v2
p ip -br link
p ip link
ip link set v1 up
p ip link show v1
p ip link show v2
ip link set v2 up
p ip link show v1
ip link set v2 down
sleep 2
p ip link
ip link set v1 master br0; ip link set v2 up
p ip route
sleep 2
p ip route
p ip -br link
ip link set v2 down; p ip route; sleep 2; p ip route; p bridge link; p bridge fdb
p ip addr add 1.2.3.4/40 dev br0
p ip addr add 1.2.3.4 dev
p ip addr add 1.2.3.4
p ip addr add dev br0
p ip addr add 300.1.1.1/8 dev br0
p ip link add
p ip link add x
p ip link set
p ip link set br0
p ip link set br0 address 01:00:00:00:00:01
p ip link set lo netns c1
p ip route add 1.2.3.0/24
p ip route add 1.2.3.0/24 dev nosuch
p ip route add 1.2.3.0/24 via
p ip route add 300.0.0.0/8 dev br0
p ip route add 1.2.3.4/24 dev br0
p ip route get 300.1.1.1
p ip route get
p ip neigh show 1.2.3.4
p ip route del default
p ip route append 10.0.0.0/8 dev br0
p ip route append 10.0.0.0/8 via 172.17.0.3
p ip route change 10.0.0.0/8 via 172.17.0.4
p ip route
p ip route del 10.0.0.0/8 via 172.17.0.9
p ip route flush
p ip addr flush
p ip route add default dev br0
p ip route add local 10.10.0.0/16 dev lo
p ip route show type unreachable
p ip route show proto kernel
p ip route show match 10.0.0.1
p ip route show table main
p ip route show root 10.0.0.0/8
p ip route list cache
p ip netns add x/y
p ip rule add from 1.2.3.4 lookup 100 pref 50
p ip rule add to 1.2.3.0/24 iif br0 table 7
p ip rule
p ip rule del pref 50
p ip rule del pref 50
p ip rule list
p ip link set br0 type bridge fdb_flush
p bridge fdb show br nosuch
p bridge fdb add 02:00:00:00:00:01 dev nosuch
p bridge fdb add 02:00 dev v1
p ip netns add c1
p ip link set v2 netns c1
p ip link
p ip -n c1 link
p ip -n c1 addr add 172.17.0.2/16 dev v2
p ip -n c1 link set v2 up
p ip -n c1 addr
sleep 3
p ip -n c1 addr
p ip -n c1 -br addr
p ip -n c1 neigh
p ip netns
