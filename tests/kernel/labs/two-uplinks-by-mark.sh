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
ip netns add out2
ip netns exec out2 sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip link add eth1 address 52:54:00:00:01:01 type veth peer name eth0 netns out2 address 52:54:00:00:01:99
ip addr add 203.0.113.1/24 dev eth1
ip link set eth1 up
ip -n out2 link set eth0 up
ip -n out2 addr add 203.0.113.99/24 dev eth0
ip -n out2 addr add 8.8.8.8/32 dev eth0
ip -n out addr add 8.8.8.8/32 dev eth0
ip -n out2 route add default via 203.0.113.1
sleep 3
ip route add default via 192.0.2.99
ip route add default via 203.0.113.99 table 200
ip rule add fwmark 0x2 lookup 200 pref 100
sysctl -w net.ipv4.conf.eth1.rp_filter=2
iptables -t mangle -A PREROUTING -j CONNMARK --restore-mark
iptables -t raw -A OUTPUT -j LOG --log-prefix "OUTP "
iptables -t mangle -A PREROUTING -m mark ! --mark 0 -j ACCEPT
iptables -t mangle -A PREROUTING -i docker0 -s 172.17.0.3 -j MARK --set-mark 2
iptables -t mangle -A PREROUTING -i eth1 -m conntrack --ctstate NEW -j MARK --set-mark 2
iptables -t mangle -A PREROUTING -m conntrack --ctstate NEW -j CONNMARK --save-mark
iptables -t mangle -A OUTPUT -j CONNMARK --restore-mark
iptables -t nat -A POSTROUTING -o eth0 -s 172.17.0.0/16 -j MASQUERADE
iptables -t nat -A POSTROUTING -o eth1 -s 172.17.0.0/16 -j SNAT --to-source 203.0.113.1
iptables -t nat -A PREROUTING -i eth1 -p tcp --dport 2222 -j DNAT --to-destination 172.17.0.2:22
iptables -t nat -A PREROUTING -i eth0 -p tcp --dport 2222 -j DNAT --to-destination 172.17.0.2:22
iptables -t raw -A PREROUTING -p icmp -j TRACE
iptables -t raw -A PREROUTING -p tcp --syn -j TRACE
ip netns exec c2 ping -c 1 8.8.8.8
ip netns exec c3 ping -c 1 8.8.8.8
ip netns exec c2 sh -c 'nc -l -k 22 > /tmp/k' &
sleep 1
echo a | ip netns exec out nc -N -w 2 192.0.2.1 2222; echo $?
echo b | ip netns exec out2 nc -N -w 2 203.0.113.1 2222; echo $?
ip netns exec out2 ping -c 1 203.0.113.1
ping -c 1 -m 2 8.8.8.8
ip netns exec out2 ping -c 1 192.0.2.1
conntrack -L -m 2 2>/dev/null | grep -c mark=2
ip link set eth0 down
ip netns exec c2 ping -c 1 -W 1 8.8.8.8; echo $?
conntrack -L -p icmp 2>/dev/null | wc -l
ip link set eth0 up
ip route show; ip route show table 200
ip netns exec c2 ping -c 1 -W 1 8.8.8.8; echo $?
ip route get 8.8.8.8 mark 2; ip route get 8.8.8.8; ip route get 8.8.8.8 from 172.17.0.3 iif docker0 mark 2
ip route flush table 200; ip rule del pref 100; ip rule
ip netns exec c3 ping -c 1 -W 1 8.8.8.8; echo $?
for t in raw mangle nat filter; do echo "== $t"; iptables -t $t -nvL --line-numbers; done
iptables-save -c
for t in broute nat filter; do ebtables -t $t -L --Lc --Ln; done
bridge fdb show | grep -v "33:33\|01:00:5e" | sort
ip neigh | sort
conntrack -L 2>/dev/null
