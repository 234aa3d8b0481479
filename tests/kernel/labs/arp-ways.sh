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
# arp details: announce, ignore, filter, gratuitous, static on both ends, wrong MAC
ebtables -A INPUT -p arp --log-arp --log-prefix "AIN"
ebtables -A OUTPUT -p arp --log-arp --log-prefix "AOUT"
ip addr add 10.50.0.1/24 dev br0
ip -n c2 addr add 10.50.0.2/24 dev eth0
ip netns exec c2 ping -c 1 -W 1 -I 10.1.0.2 10.50.0.1
ip -n c2 neigh
sysctl -w net.ipv4.conf.br0.arp_ignore=1
ip netns exec c3 ping -c 1 -W 1 10.1.0.1
ip addr add 10.60.0.1/32 dev lo
ip -n c3 route add 10.60.0.1 dev eth0
ip netns exec c3 ping -c 1 -W 1 10.60.0.1
sysctl -w net.ipv4.conf.br0.arp_ignore=0
ip netns exec c3 ping -c 1 -W 1 10.60.0.1
ip -n c4 neigh add 10.1.0.1 lladdr 02:00:00:00:ba:d0 dev eth0
ip netns exec c4 ping -c 1 -W 1 10.1.0.1
ip -n c4 neigh
arp -s 10.1.0.77 02:00:00:00:00:77 2>&1
ip neigh show nud permanent
arp -d 10.1.0.77
ip neigh show nud all 10.1.0.77
sysctl -w net.ipv4.conf.all.arp_announce=2
ip netns exec c2 ip neigh flush all
