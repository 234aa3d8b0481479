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
# BROUTING policy DROP: every frame is routed at its port
ip addr add 10.1.0.102/32 dev veth2; ip addr add 10.1.0.103/32 dev veth3
ip route add 10.1.0.2 dev veth2; ip route add 10.1.0.3 dev veth3
for d in veth2 veth3; do sysctl -qw net.ipv4.conf.$d.proxy_arp=1; done
ebtables -t broute -P BROUTING DROP
iptables -t raw -A PREROUTING -j LOG --log-prefix "raw "
iptables -A FORWARD -j LOG --log-prefix "fw "
iptables -A INPUT -j LOG --log-prefix "in "
ip netns exec c2 ping -c 1 -W 2 10.1.0.3
ip netns exec c2 ping -c 1 -W 1 10.1.0.102
ip netns exec c2 ping -c 1 -W 1 10.1.0.1
ping -c 1 -W 1 10.1.0.4
ping -c 1 -W 1 10.1.0.2
bridge fdb show br br0 dynamic
ebtables -t broute -L --Lc
ip neigh
