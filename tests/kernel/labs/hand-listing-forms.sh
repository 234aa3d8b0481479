quiet() { ip netns exec $1 sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1; }
ip link add br0 address 02:42:7d:11:22:33 type bridge mcast_snooping 0; ip addr add 172.18.0.1/16 dev br0; ip link set br0 up
for i in 2 3 4; do
  ip netns add c$i; quiet c$i
  ip link add veth$i address 02:00:00:00:00:0$i type veth peer name eth0 netns c$i address 02:42:ac:12:00:0$i
  ip link set veth$i master br0 up
  ip -n c$i link set lo up; ip -n c$i link set eth0 up
  ip -n c$i addr add 172.18.0.$i/16 dev eth0
  ip -n c$i route add default via 172.18.0.1
done
ip netns add gw; quiet gw
ip link add eth0 address 02:00:00:00:09:01 type veth peer name eth0 netns gw address 02:00:00:00:09:02
ip addr add 10.0.0.1/24 dev eth0; ip link set eth0 up
ip -n gw link set lo up; ip -n gw link set eth0 up
ip -n gw addr add 10.0.0.254/24 dev eth0; ip -n gw addr add 198.51.100.9/32 dev lo
ip -n gw route add 172.18.0.0/16 via 10.0.0.1
ip route add default via 10.0.0.254
# One rule set in all the forms of a listing.
iptables -A INPUT -i lo -j ACCEPT; iptables -A INPUT ! -i br0 -s 10.0.0.0/24 -p tcp -m multiport --dports 22,80:90 -m conntrack --ctstate NEW,ESTABLISHED -j ACCEPT
iptables -A INPUT -p icmp --icmp-type 3/4 -j ACCEPT; iptables -A INPUT -p udp --sport 53 --dport 1024: -j DROP; iptables -A INPUT -p tcp ! --syn -m state --state NEW -j DROP
iptables -A INPUT -m limit --limit 10/hour -j LOG --log-prefix "in: " --log-level 7 --log-tcp-options --log-ip-options --log-uid; iptables -A INPUT -p 47 -j REJECT --reject-with icmp-proto-unreachable; iptables -A INPUT -p tcp -j REJECT --reject-with tcp-reset
iptables -t nat -A PREROUTING -p tcp -d 10.0.0.1 --dport 80 -j DNAT --to-destination 172.18.0.2-172.18.0.3:8080-8081; iptables -t nat -A POSTROUTING -o eth0 -j MASQUERADE --random; iptables -t nat -A POSTROUTING -p udp -j SNAT --to-source 10.0.0.1:1000-2000 --persistent; iptables -t nat -A OUTPUT -p tcp --dport 1 -j REDIRECT --to-ports 99
iptables -t mangle -A FORWARD -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu; iptables -t mangle -A PREROUTING -j MARK --set-xmark 0x1/0xff; iptables -t mangle -A PREROUTING -m ttl --ttl-gt 5 -j MARK --and-mark 0xf; iptables -t mangle -A OUTPUT -j CONNMARK --save-mark; iptables -t mangle -A OUTPUT -m statistic --mode random --probability 0.25 -j CONNMARK --set-xmark 0x3/0x7
iptables -t raw -A PREROUTING -m addrtype --dst-type LOCAL --limit-iface-in -j CT --notrack; iptables -t raw -A OUTPUT -m owner --uid-owner 0 -j TRACE; iptables -A OUTPUT -m mac --mac-source 02:00:00:00:00:01 2>&1; iptables -A FORWARD -m mac ! --mac-source 02:00:00:00:00:01 -m pkttype --pkt-type broadcast -m physdev --physdev-in veth+ -j NFLOG --nflog-group 3 --nflog-prefix x
for t in filter nat mangle raw; do iptables -t $t -nL; iptables -t $t -nvL --line-numbers; iptables -t $t -nvxL; iptables -t $t -S; iptables -t $t -vS; iptables-save -t $t | grep -v '^#'; done
iptables -nL INPUT 3; iptables -S INPUT 2; iptables -nL INPUT --line-numbers; iptables-save -c | grep -v '^#'
