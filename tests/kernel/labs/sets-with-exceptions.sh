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
ipset create n hash:net timeout 100 counters comment
ipset add n 172.17.0.0/24 comment "all of it"
ipset add n 172.17.0.3 nomatch timeout 50 comment "but not this"
ipset create np hash:net,port counters
ipset add np 172.17.0.0/30,icmp:echo-request
ipset add np 172.17.0.3/32,icmp:8/0 nomatch
ipset create ls list:set
ipset add ls np
ipset create m hash:mac counters
ipset add m 02:42:ac:11:00:04
iptables -A INPUT -m set --match-set n src --return-nomatch -j LOG --log-prefix "nomatch "
iptables -A INPUT -m set --match-set n src -j LOG --log-prefix "n "
iptables -A INPUT -m set --match-set np src,dst -j LOG --log-prefix "np "
iptables -A INPUT -m set ! --match-set np src,dst
iptables -A INPUT -m set --match-set ls src,dst
iptables -A INPUT -m set --match-set m src
ip netns exec c2 ping -c 1 172.17.0.1
ip netns exec c3 ping -c 2 -i 0.2 172.17.0.1
ip netns exec c4 ping -c 1 172.17.0.1
ipset save | grep create | sed "s/initval.*//"
ipset list -n; ipset list m | grep -v Size
ipset test n 172.17.0.3; echo $?; ipset test n 172.17.0.2; echo $?
for t in raw mangle nat filter; do echo "== $t"; iptables -t $t -nvL --line-numbers; done
iptables-save -c
for t in broute nat filter; do ebtables -t $t -L --Lc --Ln; done
bridge fdb show | grep -v "33:33\|01:00:5e" | sort
ip neigh | sort
conntrack -L 2>/dev/null
