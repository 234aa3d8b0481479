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
iptables -A FORWARD -m conntrack --ctstate NEW -j ACCEPT
conntrack -E > /tmp/cpev 2>&1 &
P=$!
timeout 9 conntrack -E -p icmp > /tmp/cpi 2>/tmp/cpie &
sleep 1
ip netns exec c2 ping -c 1 192.0.2.99
conntrack -L 2>&1 | head -1 | sed 's/id=[0-9]*//g'
conntrack -L > /tmp/cpl 2>&1; head -1 /tmp/cpl
conntrack -D -p icmp > /tmp/cpl 2>&1; echo $?; head -1 /tmp/cpl; wc -l < /tmp/cpl
conntrack -D -p icmp > /tmp/cpl 2>&1; echo $?; cat /tmp/cpl
conntrack -L -p udp; echo $?
conntrack -F; echo $?
conntrack -C
echo u | ip netns exec c3 nc -u -p 700 -w 1 192.0.2.99 9
sysctl -w net.netfilter.nf_conntrack_udp_timeout=25
echo u | ip netns exec c3 nc -u -p 701 -w 1 192.0.2.99 9
conntrack -L -p udp --sport 700; echo $?
kill -INT $P
sleep 1
kill -TERM $P 2>/dev/null
sleep 3
grep -v USERSPACE /tmp/cpev; grep -c . /tmp/cpi; cat /tmp/cpie
for t in raw mangle nat filter; do echo "== $t"; iptables -t $t -nvL --line-numbers; done
iptables-save -c
for t in broute nat filter; do ebtables -t $t -L --Lc --Ln; done
bridge fdb show | grep -v "33:33\|01:00:5e" | sort
ip neigh | sort
conntrack -L 2>/dev/null
