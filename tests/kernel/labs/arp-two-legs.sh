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
# a second leg of the host on the same segment: arp_filter, arp_ignore, arp_announce, proxies
ip netns add sw2
ip link add leg address 02:00:00:00:09:01 type veth peer name legp address 02:00:00:00:09:02
ip link set legp master br0 up; ip addr add 10.1.0.9/24 dev leg; ip link set leg up
ebtables -A FORWARD -p arp --log-arp --log-prefix AF
ebtables -A INPUT -p arp --log-arp --log-prefix AI
ip netns exec c2 ping -c 1 -W 1 10.1.0.9
sysctl -w net.ipv4.conf.all.arp_filter=1
ip netns exec c3 ping -c 1 -W 1 10.1.0.9
sysctl -w net.ipv4.conf.all.arp_filter=0; sysctl -w net.ipv4.conf.all.arp_ignore=1
ip netns exec c4 ping -c 1 -W 1 10.1.0.9
ip route get 10.1.0.2; ip route
ip -n c2 neigh
sysctl -w net.ipv4.conf.all.arp_announce=1
ping -c 1 -W 1 -I 10.1.0.9 10.1.0.2
ping -c 1 -W 1 -I leg 10.1.0.3
ip neigh
