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
ipset create web hash:ip,port
ipset add web 172.17.0.1,tcp:80
ipset create nets hash:net counters
ipset add nets 172.17.0.2/31
ipset add nets 192.0.2.0/24 nomatch
ipset create macs hash:mac
ipset add macs 02:42:ac:11:00:02
iptables -A INPUT -m set --match-set web dst,dst -j LOG --log-prefix "web "
iptables -A INPUT -m set --match-set nets src
iptables -A INPUT -m set ! --match-set nets src -j LOG --log-prefix "notnets "
iptables -A INPUT -m mac --mac-source 02:42:ac:11:00:02
iptables -A INPUT -m mac ! --mac-source 02:42:ac:11:00:02
iptables -A INPUT -m iprange --src-range 172.17.0.2-172.17.0.3 ! --dst-range 192.0.2.0-192.0.2.255
iptables -A INPUT -m pkttype --pkt-type broadcast
iptables -A INPUT -m pkttype ! --pkt-type host
iptables -A INPUT -m addrtype --src-type UNICAST --dst-type BROADCAST,LOCAL --limit-iface-in
iptables -A INPUT -m length --length 28:100 -m ttl --ttl-gt 60
iptables -A INPUT -m ttl --ttl-lt 10
iptables -A INPUT -p icmp -m icmp ! --icmp-type echo-reply
iptables -A INPUT -p icmp --icmp-type 3/3
iptables -A INPUT -p tcp -m multiport --sports 1000:2000,53 -m multiport ! --dports 80
iptables -A INPUT -p tcp ! --sport 1024:65535 
iptables -A INPUT -p tcp --tcp-option 2
iptables -A INPUT -p tcp -m tcp ! --tcp-flags SYN,ACK,FIN SYN
iptables -A INPUT -m limit --limit 1/min --limit-burst 2 -j LOG --log-prefix "lim "
iptables -A INPUT -i docker+ ! -s 172.17.0.4
iptables -A INPUT ! -i eth+ 
iptables -A INPUT -m physdev --physdev-in veth3
iptables -A INPUT -m physdev ! --physdev-in veth+ 
iptables -A INPUT -m physdev --physdev-is-bridged
iptables -A FORWARD -m physdev --physdev-is-bridged --physdev-in veth2 --physdev-out veth3
iptables -A FORWARD -m physdev --physdev-is-out -j LOG --log-prefix "isout "
iptables -A OUTPUT -m owner --uid-owner 0
iptables -A OUTPUT -m owner ! --socket-exists
iptables -A OUTPUT ! -o lo -m addrtype ! --dst-type LOCAL,BROADCAST
iptables -A OUTPUT -m statistic --mode nth --every 2 --packet 1
iptables -A INPUT -m connmark --mark 0x0/0xff -m comment --comment "it's \"quoted\""
ping -c 1 172.17.0.2
ip netns exec c2 ping -c 2 -i 0.2 172.17.0.1
ip netns exec c3 ping -c 1 -t 5 172.17.0.1
ip netns exec c4 ping -c 1 -s 100 172.17.0.1
ip netns exec c2 ping -c 1 172.17.0.3
ip netns exec c2 ping -b -c 1 -W 1 172.17.255.255
ip netns exec out ping -c 1 192.0.2.1
ping -c 1 127.0.0.1
ip netns exec c2 nc -w 1 -p 1500 172.17.0.1 80; echo $?
ip netns exec c3 nc -w 1 -p 53 172.17.0.1 81; echo $?
echo x | nc -u -w 1 172.17.0.2 9; echo $?
ipset del nets 172.17.0.2/31
ipset add nets 172.17.0.3
ip netns exec c2 ping -c 1 172.17.0.1
ip netns exec c3 ping -c 1 172.17.0.1
ipset list
iptables -D INPUT -m set --match-set web dst,dst -j LOG --log-prefix "web "
ipset destroy web; echo $?
ipset destroy nets; echo $?
ipset save
for t in raw mangle nat filter; do echo "== $t"; iptables -t $t -nvL --line-numbers; done
iptables-save -c
for t in broute nat filter; do ebtables -t $t -L --Lc --Ln; done
bridge fdb show | grep -v "33:33\|01:00:5e" | sort
ip neigh | sort
conntrack -L 2>/dev/null
