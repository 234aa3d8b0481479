quiet() { ip netns exec $1 sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1; }
ip link add br0 address 02:42:7d:11:22:33 type bridge mcast_snooping 0; ip addr add 172.18.0.1/16 dev br0; ip link set br0 up
for i in 2 3 4; do
  ip netns add c$i; quiet c$i
  ip link add veth$i address 02:00:00:00:00:0$i type veth peer name eth0 netns c$i address 02:42:ac:12:00:0$i
  ip link set veth$i master br0 up
  ip -n c$i link set lo up; ip -n c$i link set eth0 up
  ip -n c$i addr add 172.18.0.$i/16 dev eth0
  ip -n c$i route add default via 172.18.0.1
done
# All the ways ebtables lists.
ebtables -N LOWER -P RETURN; ebtables -N UPPER -P DROP; ebtables -N OPEN
ebtables -A FORWARD -p ipv4 --ip-src 172.18.0.2 --ip-dst 172.18.0.0/24 --ip-proto icmp -j LOWER
ebtables -A LOWER -p ipv4 --ip-proto udp --ip-dport 53:99 --ip-sport 1024: -j ACCEPT
ebtables -A LOWER -p ARP --arp-op Request --arp-ip-src 172.18.0.2 --arp-mac-dst 00:00:00:00:00:00 -j CONTINUE
ebtables -A LOWER -p arp --arp-opcode 2 --arp-htype 1 --arp-ptype 0x0800 -j RETURN
ebtables -A FORWARD -i veth+ -o ! veth4 -s ! 02:42:ac:12:00:03 -d Broadcast -j ACCEPT
ebtables -A FORWARD -d Multicast -j DROP
ebtables -A FORWARD -s 02:00:00:00:00:00/ff:00:00:00:00:00 -j CONTINUE
ebtables -A FORWARD --mark 0x10/0xf0 -j ACCEPT
ebtables -A FORWARD --pkttype-type broadcast -j ACCEPT
ebtables -A FORWARD -p 0x88cc --limit 5/minute --limit-burst 3 -j ACCEPT
ebtables -A FORWARD -p LENGTH -j DROP
ebtables -A INPUT --logical-in br0 -p ipv4 --ip-tos 0x10 --log -j CONTINUE
ebtables -A OUTPUT --logical-out br+ -p ipv4 --log-prefix "bye now" --log-level debug --log-ip -j CONTINUE
ebtables -A FORWARD -p ipv4 --ip-proto icmp --ip-icmp-type echo-request -j CONTINUE
ebtables -A FORWARD -p ipv4 --ip-proto 1 --ip-icmp-type 3:5/0:3 -j CONTINUE
ebtables -P FORWARD DROP
ebtables -t nat -A PREROUTING -s 02:42:ac:12:00:02 -p ipv4 -j dnat --to-destination 02:42:ac:12:00:03 --dnat-target CONTINUE
ebtables -t nat -A POSTROUTING -p arp -j snat --to-source 02:42:ac:12:00:09 --snat-arp --snat-target RETURN
ebtables -t nat -A PREROUTING -p arp --arp-ip-dst 172.18.0.77 -j arpreply --arpreply-mac 02:42:ac:12:00:77 --arpreply-target DROP
ebtables -t nat -A PREROUTING -j redirect --redirect-target ACCEPT
ebtables -t nat -A OUTPUT -j mark --set-mark 5 --mark-target CONTINUE
ebtables -t broute -A BROUTING -p ipv4 -i veth2 -j redirect --redirect-target DROP
ebtables -t broute -P BROUTING ACCEPT
ip netns exec c2 ping -c 1 -W 1 172.18.0.1
for o in "" --Lc --Ln "--Ln --Lc" --Lx "--Lx --Lc" --Lmac2; do echo "== $o"; for t in filter nat broute; do ebtables -t $t -L $o; done; done
ebtables -L LOWER --Ln; ebtables -L NONE; echo $?
ebtables -Z; ebtables -L INPUT --Lc
