ip link add br0 address 02:42:7d:11:22:33 type bridge mcast_snooping 0
ip addr add 10.1.0.1/24 dev br0; ip link set br0 up
for i in 2 3 4; do
ip netns add c$i; ip netns exec c$i sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
ip link add veth$i address 02:00:00:00:00:0$i type veth peer name eth0 netns c$i address 02:42:0a:01:00:0$i
ip link set veth$i master br0 up
ip -n c$i link set lo up
ip -n c$i link set eth0 up
ip -n c$i addr add 10.1.0.$i/24 dev eth0
ip -n c$i route add default via 10.1.0.1
done
# words of ip and bridge people mistype
ip lin
ip foo
ip addr add 10.0.0.1/24
ip addr add 10.0.0.300/24 dev br0
ip addr add dev br0
ip addr add 10.0.0.1/33 dev br0
ip addr del 10.0.0.1/24 dev br0
ip addr add 10.0.0.1/24 dev nope
ip addr show dev nope
ip link set nope up
ip link set br0 mtu abc
ip link set br0 address 02:00
ip link set br0 address 01:00:5e:00:00:01
ip link set veth2 master nope
ip link add br0 type bridge
ip link add veth2 type veth peer name x
ip link del nope
ip link del lo
ip netns add c2
ip netns del zz
ip netns exec zz ls
ip -n zz link
ip route add 10.9.0.0/16 via 10.200.0.1
ip route add 10.1.0.0/24 dev br0 proto kernel scope link src 10.1.0.1
ip route add default via 10.1.0.2 dev nope
ip route add 10.9.0.0/33 via 10.1.0.2
ip route del 10.9.0.0/16
ip route get
ip route get foo
ip neigh add 10.1.0.9
ip neigh add 10.1.0.9 lladdr 02:00:00:00:00:99
ip neigh del 10.1.0.222 dev br0
bridge foo
bridge fdb add 02:00:00:00:00:77 dev br0 master
bridge fdb add zz dev veth2 master
bridge fdb add 02:00:00:00:00:77 dev nope master
bridge fdb del 02:00:00:00:00:77 dev veth2 master
bridge link set dev veth2 hairpin maybe
bridge link set dev br0 hairpin on
bridge link set dev veth2
bridge link set
ip link set veth2 nomaster master br0
