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
# ebtables match zoo
ebtables -A FORWARD -p ip --ip-source 10.1.0.0/24 --ip-destination 10.1.0.3 --ip-protocol udp --ip-destination-port 53:80 -j ACCEPT
ebtables -A FORWARD -p ip --ip-tos 0x10 -j ACCEPT
ebtables -A FORWARD -p ip ! --ip-src 10.1.0.2 -j CONTINUE
ebtables -A FORWARD -p ! ip -j CONTINUE
ebtables -A FORWARD -i ! veth2 -j CONTINUE
ebtables -A FORWARD -s 02:42:00:00:00:00/ff:ff:00:00:00:00 -j CONTINUE
ebtables -A FORWARD -d Multicast -j CONTINUE
ebtables -A FORWARD -d BGA -j DROP
ebtables -A FORWARD -d Broadcast --log -j CONTINUE
ebtables -A FORWARD -s Unicast -j CONTINUE
ebtables -A FORWARD -p 0x88cc -j DROP
ebtables -A FORWARD -p arp --arp-op Reply --arp-ip-src 10.1.0.3 --arp-mac-src 02:42:0a:01:00:03 -j CONTINUE
ebtables -A FORWARD -p arp --arp-htype 1 --arp-ptype 0x800 --arp-ip-dst ! 10.1.0.4 -j CONTINUE
ebtables -A FORWARD -p arp --arp-gratuitous -j DROP
ebtables -A FORWARD --mark 0x1/0xff -j DROP
ebtables -A FORWARD --pkttype-type multicast -j CONTINUE
ebtables -A FORWARD --limit 3/second --limit-burst 10 -j CONTINUE
ebtables -A FORWARD -p 802_1Q --vlan-id 3 -j DROP
ebtables -A INPUT --logical-in br0 -j CONTINUE
ebtables -A OUTPUT --logical-out br0 -o veth2 -j CONTINUE
ip netns exec c2 ping -c 2 -i 0.2 10.1.0.3
ip netns exec c3 ping -c 1 -Q 0x10 10.1.0.4
ping -c 1 10.1.0.2
ebtables -L --Lc --Ln
ebtables -L --Lmac2
