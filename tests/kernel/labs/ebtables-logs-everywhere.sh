ip link add docker0 address 02:42:7d:11:22:33 type bridge mcast_snooping 0
ip addr add 172.17.0.1/16 dev docker0
ip link set docker0 up
for i in 2 3 4; do
ip netns add c$i; ip netns exec c$i sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
ip link add veth$i type veth peer name eth0 netns c$i address 02:42:ac:11:00:0$i
ip link set veth$i master docker0 up
ip -n c$i link set eth0 up
ip -n c$i addr add 172.17.0.$i/16 dev eth0
ip -n c$i route add default via 172.17.0.1
done
# ebtables logs of ARP and IP on a bridge, default chain order
ebtables -t broute -A BROUTING -p arp --log-level 6 --log-arp --log-prefix "eb:broute" -j ACCEPT
ebtables -t nat -A PREROUTING -p arp --log-level info --log-arp --log-prefix "eb:nat:PRE" -j CONTINUE
ebtables -A FORWARD --log --log-prefix fwd -j CONTINUE
ebtables -A INPUT --log-ip --log-arp --log-prefix "in " -j CONTINUE
ebtables -A OUTPUT -p ipv4 --log-ip --log-prefix out -j CONTINUE
ebtables -t nat -A POSTROUTING -p IPv4 --ip-proto icmp --log-ip --log-prefix "post" -j CONTINUE
ip netns exec c2 ping -c 1 172.17.0.3
ping -c 1 172.17.0.2
ip netns exec c3 ping -c1 -W1 172.17.0.1
ebtables -L --Lc
ebtables -t nat -L --Lc --Ln
ebtables -t broute -L --Lc --Lmac2
bridge fdb show br docker0 | grep -v 33:33
ip neigh show dev docker0
