# frames that come up from the bridge and pass PREROUTING again; DNAT to the other bridge and back
for b in a b; do ip link add br$b address 02:42:7d:11:22:0$b type bridge mcast_snooping 0; ip link set br$b up; done
ip addr add 10.1.0.1/24 dev bra; ip addr add 10.2.0.1/24 dev brb
for x in a2:10.1.0 a3:10.1.0 b2:10.2.0 b3:10.2.0; do n=${x%%:*}; net=${x##*:}; i=${n#?}; b=${n%?}
ip netns add $n; ip netns exec $n sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
ip link add v$n address 02:00:00:00:0$b:0$i type veth peer name eth0 netns $n address 02:42:0a:0$b:00:0$i
ip link set v$n up master br$b; ip -n $n link set eth0 up; ip -n $n addr add $net.$i/24 dev eth0; ip -n $n route add default via $net.1; done
iptables -t raw -A PREROUTING -p icmp -j TRACE
iptables -t nat -A PREROUTING -d 10.1.0.9 -j DNAT --to-destination 10.2.0.2
iptables -t nat -A PREROUTING -d 10.1.0.8 -j DNAT --to-destination 10.1.0.3
iptables -t nat -A POSTROUTING -s 10.1.0.0/24 -o brb -j MASQUERADE
ip -n a2 neigh add 10.1.0.9 lladdr 02:42:7d:11:22:0a dev eth0
ip -n a2 neigh add 10.1.0.8 lladdr 02:42:7d:11:22:0a dev eth0
ip netns exec a2 ping -c 1 -W 1 10.1.0.9
ip netns exec a2 ping -c 1 -W 1 10.1.0.8
ip netns exec a2 ping -c 1 -W 1 10.2.0.3
ip route add 203.0.113.0/24 dev lo
ip netns exec a2 ping -c 1 -W 1 -t 4 203.0.113.5
iptables -t nat -nvL; conntrack -L 2>/dev/null | grep -v 203 | sort
