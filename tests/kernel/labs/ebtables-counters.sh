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
# counters set by hand and rules replaced, deleted by number and by range
ebtables -A FORWARD -p arp -j ACCEPT
ebtables -A FORWARD -p ipv4 -j ACCEPT
ebtables -A FORWARD -i veth3 -j DROP
ebtables -A FORWARD -i veth4 -j DROP
ip netns exec c2 ping -c 1 10.1.0.3
ebtables -L FORWARD --Lc
ebtables -C FORWARD 1 5 500
ebtables -L FORWARD --Lc
ebtables -C FORWARD +1 -100 -p ipv4 -j ACCEPT
ebtables -A FORWARD -c 7 700 -i veth2 -j ACCEPT
ebtables -I FORWARD 2 -c 1 2 -o veth2 -j CONTINUE
ebtables -L FORWARD --Lc --Ln
ebtables -D FORWARD 2:3
ebtables -L FORWARD --Lc --Ln
ebtables -D FORWARD -i veth4 -j DROP
ebtables -D FORWARD -1
ebtables -L FORWARD --Lc --Ln
ebtables -Z FORWARD
ebtables -L FORWARD --Lc
ebtables -F FORWARD
ebtables -P FORWARD DROP
ebtables -L FORWARD
ebtables -V; ebtables -L FORWARD INPUT; ebtables -L NOPE
