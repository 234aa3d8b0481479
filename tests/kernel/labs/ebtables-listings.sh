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
# ebtables listing forms
ebtables -A FORWARD -s ! 02:42:0a:01:00:02 -d ff:ff:ff:ff:ff:ff/01:00:00:00:00:00 -j CONTINUE
ebtables -A FORWARD -p ! arp -i veth2 -o ! veth3 --logical-in br0 --logical-out ! br1 -j ACCEPT
ebtables -A FORWARD -p arp --arp-op 2 --arp-ip-src ! 10.1.0.0/255.255.255.0 --arp-mac-dst ! 02:42:0a:01:00:02 -j ACCEPT
ebtables -A FORWARD -p ipv4 --ip-src 10.1.0.0/16 --ip-proto tcp --ip-sport 1024: --ip-dport :80 -j ACCEPT
ebtables -A FORWARD -p ipv4 --ip-proto ! udp --ip-tos ! 4 -j CONTINUE
ebtables -A FORWARD -p ipv4 --ip-proto 17 --ip-dport ! 53 --log-level 7 --log-prefix "a b c" --log-ip --log-arp -j DROP
ebtables -A FORWARD -p 0x800 --log-level warning -j CONTINUE
ebtables -A FORWARD -p IPV4 --ip-proto icmp --ip-icmp-type echo-request -j CONTINUE 2>&1
ebtables -A FORWARD --mark ! 5 -j CONTINUE
ebtables -A FORWARD --mark 0x10/0xf0 -j mark --mark-or 1
ebtables -A FORWARD -j mark --mark-and 0xff --mark-target CONTINUE
ebtables -A FORWARD -j mark --set-mark 7 --mark-target RETURN 2>&1
ebtables -A FORWARD --limit 10/minute -j ACCEPT
ebtables -A FORWARD --limit-burst 3 --limit 1/hour -j ACCEPT
ebtables -A FORWARD --pkttype-type ! broadcast -j ACCEPT
ebtables -A FORWARD -i veth+ -j ACCEPT
ebtables -A FORWARD -i vet -j ACCEPT
ebtables -I FORWARD 1 -d Unicast; ebtables -I FORWARD -1 -s Multicast
ebtables -A OUTPUT -o veth2 -p ip
ebtables -t nat -A POSTROUTING -o veth3 -j snat --to-src 2:0:0:0:0:1 --snat-target CONTINUE
ebtables -t nat -A PREROUTING -j dnat --to-dst 02:00:00:00:00:02 --dnat-target CONTINUE
ebtables -t nat -A PREROUTING -p arp -i veth2 -j arpreply --arpreply-mac 02:00:00:00:00:03 --arpreply-target ACCEPT
ebtables -t nat -A PREROUTING -j redirect --redirect-target CONTINUE
ebtables -t broute -A BROUTING -p arp -j redirect --redirect-target DROP
ebtables -t broute -P BROUTING DROP
for t in filter nat broute; do ebtables -t $t -L; ebtables -t $t -L --Ln --Lc --Lmac2; ebtables -t $t -L --Lx; done
ebtables -L FORWARD --Lx | wc -l
ebtables -L -Z --Lc | tail -3
