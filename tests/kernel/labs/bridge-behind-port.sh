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
# a bridge in a namespace behind one port: flooding, hairpin, isolation
ip netns add sw; ip netns exec sw sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
ip -n sw link add brs address 02:00:00:00:50:01 type bridge mcast_snooping 0; ip -n sw link set brs up
ip link add up address 02:00:00:00:51:01 type veth peer name up0 netns sw address 02:00:00:00:51:02; ip link set up up master br0; ip -n sw link set up0 up master brs
for i in 6 7; do ip netns add s$i; ip netns exec s$i sysctl -qw net.ipv6.conf.all.disable_ipv6=1
ip link add p$i netns sw address 02:00:00:00:52:0$i type veth peer name eth0 netns s$i address 02:42:0a:01:00:0$i
ip -n sw link set p$i up master brs; ip -n s$i link set eth0 up; ip -n s$i addr add 10.1.0.$i/24 dev eth0; done
ebtables -A FORWARD --log --log-prefix H
ip netns exec sw ebtables -A FORWARD --log --log-prefix S
ip netns exec s6 ping -c 1 10.1.0.7
ip netns exec s6 ping -c 1 10.1.0.2
bridge fdb show br br0 dynamic; ip netns exec sw bridge fdb show dynamic
ip -n sw link set p6 type bridge_slave isolated on; ip -n sw link set p7 type bridge_slave isolated on
ip -n s6 neigh flush all; ip netns exec s6 ping -c 1 -W 1 10.1.0.7
ip link set up type bridge_slave hairpin on
ip -n s6 neigh flush all; ip netns exec s6 ping -c 1 -W 1 10.1.0.7
ip netns exec sw bridge fdb show dynamic
ip netns exec s7 ping -c 1 10.1.0.1
ebtables -L --Lc; ip netns exec sw ebtables -L --Lc
