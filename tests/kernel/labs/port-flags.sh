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
# hairpin, learning, flood and isolated flags
bridge link set dev veth2 hairpin on
bridge link set dev veth3 learning off flood off
bridge link set dev veth4 isolated on
bridge -d link show dev veth2
bridge -d link show dev veth3
cat /sys/class/net/veth2/brport/hairpin_mode
cat /sys/class/net/br0/bridge/ageing_time
ebtables -A FORWARD --log --log-prefix "F" -j CONTINUE
ip netns exec c2 ping -c 1 10.1.0.3
ip netns exec c3 ping -c 1 -W 1 10.1.0.4
bridge fdb show | grep -v permanent
ip link set veth3 type bridge_slave learning on flood on
ip netns exec c3 ping -c 1 -W 1 10.1.0.4
ip link set br0 type bridge ageing_time 400
sleep 7
bridge fdb show | grep -v permanent
ebtables -L FORWARD --Lc
