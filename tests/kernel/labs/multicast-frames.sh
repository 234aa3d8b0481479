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
# multicast and odd frames
ebtables -A FORWARD --log --log-prefix F
ebtables -A INPUT --log --log-prefix I
ip netns exec c2 ping -c 1 -W 1 224.0.0.1
ip netns exec c2 ping -c 1 -W 1 -t 1 239.1.1.1
ping -c 1 -W 1 -I br0 224.0.0.1
ping -c 1 -W 1 -I 10.1.0.1 224.0.0.5
ip netns exec c3 sysctl -w net.ipv4.icmp_echo_ignore_broadcasts=0
ip netns exec c2 ping -c 1 -W 1 224.0.0.1
ip netns exec c2 ping -c 1 -W 1 -b 10.1.0.255
bridge link set dev veth4 mcast_flood off
bridge link set dev veth3 bcast_flood off
ip netns exec c2 ping -c 1 -W 1 224.0.0.1
ip netns exec c2 ping -c 1 -W 1 -b 10.1.0.255
ip netns exec c2 ping -c 1 -W 1 0.0.0.0
ip netns exec c2 ping -c 1 -W 1 240.0.0.1
ip netns exec c2 ping -c 1 -W 1 10.1.0.0
ebtables -L --Lc
