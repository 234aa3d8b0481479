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
i=1
for k in icmp-net-unreachable icmp-host-unreachable icmp-proto-unreachable icmp-port-unreachable icmp-net-prohibited icmp-host-prohibited icmp-admin-prohibited; do
iptables -A FORWARD -p udp --dport $((1000+i)) -j REJECT --reject-with $k
iptables -A FORWARD -p tcp --dport $((1000+i)) -j REJECT --reject-with $k
i=$((i+1))
done
iptables -A FORWARD -p tcp --dport 1010 -j REJECT --reject-with tcp-reset
iptables -A INPUT -p tcp --dport 1010 -j REJECT --reject-with tcp-reset
iptables -A OUTPUT -p tcp --dport 1011 -j REJECT --reject-with tcp-reset
iptables -A OUTPUT -p udp --dport 1011 -j REJECT --reject-with icmp-host-prohibited
iptables -A OUTPUT -p icmp --icmp-type echo-request -d 172.17.0.4 -j REJECT
iptables -A FORWARD -j REJECT --reject-with tcp-reset; echo $?
iptables -t nat -A OUTPUT -j REJECT; echo $?
iptables -t raw -A OUTPUT -p icmp -j TRACE
iptables -t raw -A PREROUTING -p icmp -j TRACE
iptables -t nat -A POSTROUTING -o eth0 -j MASQUERADE
for p in 1 2 3 4 5 6 7; do
ip netns exec c2 nc -v -n -w 2 192.0.2.99 100$p </dev/null; echo rc $?
done
dmesg -C
for p in 1 2 3 4 5 6 7; do
echo u | ip netns exec c2 nc -u -v -n -w 1 192.0.2.99 100$p; echo rc $?
done
ip netns exec c2 nc -v -n -w 2 192.0.2.99 1010 </dev/null; echo rc $?
ip netns exec c2 nc -v -n -w 2 172.17.0.1 1010 </dev/null; echo rc $?
nc -v -n -w 2 172.17.0.2 1011 </dev/null; echo rc $?
echo x | nc -u -v -n -w 1 172.17.0.2 1011; echo rc $?
ping -c 2 -i 0.3 -W 1 172.17.0.4; echo rc $?
ip netns exec c2 ping -c 1 172.17.0.1
for t in raw mangle nat filter; do echo "== $t"; iptables -t $t -nvL --line-numbers; done
iptables-save -c
for t in broute nat filter; do ebtables -t $t -L --Lc --Ln; done
bridge fdb show | grep -v "33:33\|01:00:5e" | sort
ip neigh | sort
conntrack -L 2>/dev/null
