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
ebtables -t nat -A PREROUTING -p ipv4 --ip-dst 172.17.0.50 -j dnat --to-destination 02:42:ac:11:00:03 --dnat-target ACCEPT
ebtables -t nat -A POSTROUTING -o veth3 -p ipv4 -j snat --to-source 02:00:00:00:00:99 --snat-target ACCEPT
ebtables -t nat -I PREROUTING -p arp --arp-opcode 1 --arp-ip-dst 172.17.0.50 -j arpreply --arpreply-mac 02:00:00:00:00:50
ebtables -t nat -A PREROUTING -p ipv4 --ip-dst 10.9.0.2 -j redirect --redirect-target ACCEPT
ip netns exec c3 ip addr add 172.17.0.50/16 dev eth0
ip netns exec c2 ping -c 1 -W 1 172.17.0.50
ip netns exec c2 ping -c 1 -W 1 172.17.0.3
ip -n c2 route del default; ip -n c2 neigh add 172.17.0.99 lladdr 02:00:00:00:00:77 dev eth0; ip -n c2 route add default via 172.17.0.99
ip -n out route add 172.17.0.0/16 via 10.9.0.1
ip netns exec c2 ping -c 1 -W 1 10.9.0.2
ebtables -t broute -A BROUTING -p ipv4 --ip-proto icmp -i veth2 -j redirect --redirect-target DROP
ip netns exec c2 ping -c 1 -W 1 10.9.0.2
ebtables -t broute -F
ebtables -t broute -A BROUTING -p ipv4 -i veth2 -j DROP
ip netns exec c2 ping -c 1 -W 1 10.9.0.2
ebtables -t broute -L --Lc; ebtables -t nat -L --Lc
