p() { echo "\$ $*"; "$@"; r=$?; [ $r = 0 ] || echo "rc=$r"; }
ip link add br0 address 02:42:7d:11:22:33 type bridge; ip addr add 172.17.0.1/16 dev br0; ip link set br0 up
for i in 1 2; do ip netns add c$i; ip link add v$i address 02:00:00:00:00:1$i type veth peer name eth0 netns c$i address 02:42:ac:11:00:0$((i+1)); ip link set v$i master br0 up; ip -n c$i link set eth0 up;  ip -n c$i addr add 172.17.0.$((i+1))/16 dev eth0; ip -n c$i route add default via 172.17.0.1; done
p ip netns exec c1 ping -c 1 172.17.0.3
p bridge fdb show
p bridge fdb show br br0
p bridge fdb show dev v1
p bridge fdb show brport v1
p bridge fdb
p bridge fdb add 02:00:00:00:00:77 dev v1 master static
p bridge fdb add 02:00:00:00:00:78 dev v1 master
p bridge fdb add 02:00:00:00:00:79 dev v1 master temp
p bridge fdb add 02:00:00:00:00:77 dev v1 master static
p bridge fdb replace 02:00:00:00:00:77 dev v2 master static
p bridge fdb append 02:00:00:00:00:77 dev v2 master static
p bridge fdb show br br0
p bridge fdb del 02:00:00:00:00:77 dev v2 master
p bridge fdb del 02:00:00:00:00:aa dev v2 master
p bridge fdb flush dev v1
p bridge link
p bridge link show dev v1
p bridge link set dev v1 hairpin on
p bridge link set dev v1 learning off
p bridge link set dev v1 flood off
p bridge link set dev v2 isolated on
p bridge link set dev lo hairpin on
p ip link set v1 type bridge_slave hairpin on
p ip link set br0 type bridge ageing_time 100; sleep 1.5
p ip neigh
p ip -n c1 neigh
p cat /proc/sys/net/ipv4/ip_forward
echo 1 > /proc/sys/net/ipv4/conf/br0/rp_filter; echo $?
echo abc > /proc/sys/net/ipv4/ip_forward; echo $?
p cat /sys/class/net/br0/address
p ip link set br0 down
p bridge fdb
p ip route
p ip -br addr
p bridge link
