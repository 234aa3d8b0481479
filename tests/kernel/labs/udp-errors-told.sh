ip link add docker0 address 02:42:7d:11:22:33 type bridge
ip addr add 172.17.0.1/16 dev docker0
ip link set docker0 up
for n in 2 3 4; do
  ip netns add c$n
  ip netns exec c$n sysctl -qw net.ipv6.conf.default.disable_ipv6=1
  ip link add veth$n address fe:00:00:00:00:0$n type veth peer name eth0 netns c$n address 02:42:ac:11:00:0$n
  ip link set veth$n master docker0 up
  ip -n c$n link set lo up
  ip -n c$n link set eth0 up
  ip -n c$n addr add 172.17.0.$n/16 dev eth0
  ip -n c$n route add default via 172.17.0.1
done
ip netns add out
ip netns exec out sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip link add eth0 address 52:54:00:00:00:01 type veth peer name eth0 netns out address 52:54:00:00:00:99
ip addr add 192.0.2.1/24 dev eth0
ip link set eth0 up
ip -n out link set lo up
ip -n out link set eth0 up
ip -n out addr add 192.0.2.99/24 dev eth0
ip -n out route add default via 192.0.2.1
sleep 3
sysctl -w net.ipv4.icmp_ratelimit=0
iptables -A FORWARD -p udp --dport 1 -j REJECT --reject-with icmp-host-prohibited
iptables -A FORWARD -p udp --dport 2 -j REJECT --reject-with icmp-host-unreachable
iptables -A FORWARD -p udp --dport 3 -j REJECT
iptables -A FORWARD -p udp --dport 4 -j REJECT --reject-with icmp-proto-unreachable
iptables -A INPUT -p udp --dport 5 -j REJECT --reject-with icmp-admin-prohibited
iptables -A OUTPUT -p udp --dport 6 -j REJECT --reject-with icmp-net-prohibited
iptables -t raw -A OUTPUT -p icmp -j LOG --log-prefix "err "
ip -n c2 route add unreachable 10.1.0.0/16
ip -n c2 route add prohibit 10.2.0.0/16
ip -n c2 route add blackhole 10.3.0.0/16
ip route add prohibit 10.4.0.0/16
ip route add unreachable 10.5.0.0/16
for p in 1 2 3 4; do (echo a; sleep 1; echo b; sleep 1; echo c) | ip netns exec c2 nc -u -w 3 192.0.2.99 $p; echo $p $?; done
(echo a; sleep 1; echo b; sleep 1; echo c) | ip netns exec c2 nc -u -w 3 172.17.0.1 5; echo $?
(echo a; sleep 1; echo b; sleep 1; echo c) | nc -u -w 3 172.17.0.2 6; echo $?
for n in 1 2 3 4 5; do (echo a; sleep 1; echo b) | ip netns exec c2 nc -u -w 2 10.$n.0.1 9; echo $n $?; done
for n in 1 2 3 4 5; do ip netns exec c2 nc -v -n -w 2 10.$n.0.1 9; echo $n $?; done
for p in 1 2 3 4; do ip netns exec c2 nc -z -v -n -u -w 3 192.0.2.99 $p; echo $p $?; done
for t in raw mangle nat filter; do echo "== $t"; iptables -t $t -nvL --line-numbers; done
iptables-save -c
for t in broute nat filter; do ebtables -t $t -L --Lc --Ln; done
bridge fdb show | grep -v "33:33\|01:00:5e" | sort
ip neigh | sort
conntrack -L 2>/dev/null
