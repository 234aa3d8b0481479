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
# ebtables drops in each place, and counters
ebtables -t broute -A BROUTING -i veth2 -p arp -j DROP
ebtables -A INPUT --log --log-prefix "IN" --log-arp
iptables -t raw -A PREROUTING -j LOG --log-prefix "RAW "
ip netns exec c2 ping -c 1 -W 1.4 10.1.0.1; ip netns exec c2 ping -c 1 -W 1.4 10.1.0.3
ip -n c2 neigh
ebtables -t broute -L --Lc
ebtables -t broute -F
ebtables -t nat -A PREROUTING -i veth2 -p ipv4 -j DROP
ip netns exec c2 ping -c 1 -W 1 10.1.0.1
ebtables -t nat -L --Lc; ebtables -t nat -F
ebtables -A OUTPUT -o veth2 -p ipv4 -j DROP
ip netns exec c2 ping -c 1 -W 1 10.1.0.1
ping -c 1 -W 1 10.1.0.2
ebtables -L --Lc
ebtables -F
ebtables -t nat -A POSTROUTING -o veth2 -d 02:42:0a:01:00:02 -p ipv4 --log --log-prefix "PD" --log-ip -j DROP
ip netns exec c3 ping -c 1 -W 1 10.1.0.2
ip netns exec c2 ping -c 1 -W 1.4 10.1.0.3
ebtables -t nat -L --Lc
