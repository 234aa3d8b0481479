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
# broute DROP = route: bridge becomes router on one port
ip link set dev veth2 up
ip addr add 10.1.0.101/32 dev veth2
sysctl -w net.ipv4.conf.veth2.proxy_arp=1
sysctl -w net.ipv4.conf.br0.proxy_arp=1
ip route add 10.1.0.2/32 dev veth2
ebtables -t broute -A BROUTING -i veth2 --log --log-prefix BRT --log-ip --log-arp -j DROP
iptables -A FORWARD -j LOG --log-prefix "FW "
iptables -t raw -A PREROUTING -j LOG --log-prefix "RAW "
ip netns exec c2 ping -c 1 -W 2 10.1.0.3
ip netns exec c3 ping -c 1 -W 2 10.1.0.2
ip -n c2 neigh
bridge fdb show br br0 | grep -v perm | sort
iptables -nvL FORWARD
