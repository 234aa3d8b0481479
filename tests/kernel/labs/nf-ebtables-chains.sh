# Two containers on br0, and a network behind eth0.
ip link add br0 address 02:42:7d:11:22:33 type bridge mcast_snooping 0; ip addr add 172.17.0.1/16 dev br0; ip link set br0 up
quiet() { ip netns exec $1 sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1; }
for i in 2 3; do
ip netns add c$i; quiet c$i
ip link add veth$i address 02:00:00:00:00:0$i type veth peer name eth0 netns c$i address 02:42:ac:11:00:0$i
ip link set veth$i master br0 up
ip -n c$i link set eth0 up; ip -n c$i link set lo up
ip -n c$i addr add 172.17.0.$i/16 dev eth0
ip -n c$i route add default via 172.17.0.1
done
ip netns add out; quiet out
ip link add eth0 address 02:00:00:00:09:01 type veth peer name eth0 netns out address 02:00:00:00:09:02
ip link set eth0 up; ip addr add 10.9.0.1/24 dev eth0
ip -n out link set eth0 up; ip -n out link set lo up; ip -n out addr add 10.9.0.2/24 dev eth0; ip -n out route add default via 10.9.0.1
for a in 10 11 12 13; do ip -n out addr add 10.9.0.$a/24 dev eth0; done
iptables -t raw -A PREROUTING -j TRACE; iptables -t raw -A OUTPUT -j TRACE
for h in PREROUTING OUTPUT POSTROUTING; do ebtables -t nat -A $h --log-level 6 --log-ip --log-arp --log-prefix "EB:nat:$h:"; done; for h in INPUT FORWARD OUTPUT; do ebtables -t filter -A $h --log-level 6 --log-ip --log-arp --log-prefix "EB:filter:$h:"; done; ebtables -t broute -A BROUTING --log-level 6 --log-ip --log-arp --log-prefix "EB:broute:"
ip netns exec c2 ping -c 1 172.17.0.3
ip netns exec c2 ping -c 1 172.17.0.1
ping -c 1 172.17.0.2
ebtables -N U -P RETURN
ebtables -A U -p ipv4 --ip-proto icmp --ip-source 172.17.0.2 -j mark --mark-set 7 --mark-target CONTINUE
ebtables -A U -p ipv4 --ip-dst 172.17.0.3 --log-prefix "in U" -j RETURN
ebtables -A U -j DROP
ebtables -I FORWARD -p ipv4 -j U
ebtables -A INPUT -p arp --arp-opcode request -j ACCEPT
ebtables -A INPUT -i veth3 -s 02:42:ac:11:00:03 -j DROP
ebtables -A OUTPUT -o ! veth2 -d ff:ff:ff:ff:ff:ff/ff:ff:ff:ff:ff:ff -j DROP
ebtables -A FORWARD -p ipv4 --ip-proto udp --ip-dport 80:90 -j DROP
ip netns exec c2 ping -c 1 -W 1 172.17.0.3
ip netns exec c3 ping -c 1 -W 1 172.17.0.1
echo x | ip netns exec c2 nc -u -w 1 172.17.0.3 85
iptables -A FORWARD -m mark --mark 7
ip netns exec c2 ping -c 1 -W 1 172.17.0.3
ebtables -L --Lc --Ln
ebtables -t nat -L --Lc
ebtables -t broute -L --Lc
iptables -nvL
