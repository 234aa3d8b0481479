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
ebtables -t nat -A PREROUTING -p arp --arp-opcode Request -j arpreply --arpreply-mac 02:aa:bb:cc:dd:ee --arpreply-target DROP
ebtables -t nat -A PREROUTING -p ipv4 -d 02:aa:bb:cc:dd:ee -j dnat --to-dst 02:42:0a:01:00:04 --dnat-target ACCEPT
ebtables -t nat -A POSTROUTING -s 02:42:0a:01:00:02 -o veth4 -j snat --to-src 02:11:22:33:44:55 --snat-arp --snat-target ACCEPT
ebtables -A FORWARD --log-ip --log-level notice --log-prefix "fwd" -j ACCEPT
iptables -A FORWARD -j LOG
ip netns exec c2 ping -c 1 -W 1 10.1.0.4
ip netns exec c2 ping -c 1 -W 1 10.1.0.3
ip -n c2 neigh; ip -n c4 neigh
ebtables -t nat -L --Lc
