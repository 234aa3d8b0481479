ip link add docker0 address 02:42:7d:11:22:33 type bridge mcast_snooping 0
ip addr add 172.17.0.1/16 dev docker0
ip link set docker0 up
ip netns add c1
ip link add veth1 type veth peer name eth0 netns c1 address 02:42:ac:11:00:02
ip link set veth1 master docker0 up
ip -n c1 link set eth0 up
ip -n c1 addr add 172.17.0.2/16 dev eth0
ip -n c1 route add default via 172.17.0.1
ip netns add c2
ip link add veth2 type veth peer name eth0 netns c2 address 02:42:ac:11:00:03
ip link set veth2 master docker0 up
ip -n c2 link set lo up
ip -n c2 link set eth0 up
ip -n c2 addr add 172.17.0.3/16 dev eth0
ip -n c2 route add default via 172.17.0.1
iptables -A INPUT -s 172.17.0.0/16 -p tcp -m multiport --ports 22,80 -m comment --comment "ssh or web" -j ACCEPT
iptables -A INPUT ! -i lo -p udp ! --sport 53 -m limit --limit 10/hour -j ACCEPT
iptables -A INPUT -p icmp --icmp-type 3/4 -m statistic --mode random --probability 0.25 -j ACCEPT
iptables -A INPUT -p icmp --icmp-type any -m ttl --ttl-gt 5 -m mark --mark 0x1/0xff -j DROP
iptables -A INPUT -p 47 -j ACCEPT; iptables -A INPUT -p esp -j ACCEPT; iptables -A INPUT -p igmp -j DROP; iptables -A INPUT ! -p tcp -m pkttype ! --pkt-type unicast -j DROP
iptables -A OUTPUT -m owner --gid-owner 0 -m conntrack --ctstate NEW --ctorigdst 10.0.0.0/8 --ctorigdstport 80 -j ACCEPT
iptables -A OUTPUT -m connmark --mark 3 -m iprange ! --dst-range 1.1.1.1-1.1.1.9 -m mac --mac-source 00:11:22:33:44:55 -j ACCEPT; echo $?
iptables -A FORWARD -m physdev ! --physdev-in veth1 --physdev-is-bridged -m addrtype --dst-type BROADCAST --limit-iface-in -j REJECT --reject-with icmp-proto-unreachable
iptables -A FORWARD -s 10.0.0.1/255.0.255.0 -d ! 10.2.2.2 -j DROP; echo $?
iptables -A FORWARD -s 10.0.0.1/255.0.255.0 ! -d 10.2.2.2,10.3.3.3 -j DROP; echo $?
iptables -A FORWARD -s 1.1.1.1,2.2.2.2 -j ACCEPT
iptables -t mangle -A FORWARD -j CONNMARK --restore-mark --nfmask 0xff --ctmask 0xf0
iptables -t mangle -A FORWARD -j CONNMARK --set-xmark 0x5/0xff
iptables -t mangle -A FORWARD -j MARK --and-mark 0xf
iptables -t raw -A PREROUTING -p tcp -j CT --notrack
iptables -t nat -A PREROUTING -p tcp --dport 80 -j DNAT --to-destination 10.0.0.1-10.0.0.9:80-90 --persistent
iptables -t nat -A POSTROUTING -p tcp -j MASQUERADE --to-ports 1024-2048
iptables -t nat -A POSTROUTING -j SNAT --to-source 1.2.3.4 --random-fully
for t in raw mangle nat filter; do iptables -t $t -nvL --line-numbers; iptables -t $t -S; done
iptables -nL INPUT 3; iptables -S INPUT 2; iptables -vnxL INPUT 1; iptables -nL FORWARD -v -x | head -3
iptables -C FORWARD -s 1.1.1.1 -j ACCEPT; echo $?
iptables -D FORWARD -s 1.1.1.1,2.2.2.2 -j ACCEPT; echo $?
iptables -Z INPUT 1; iptables -t nat -F PREROUTING; iptables -t nat -D POSTROUTING 1; iptables -t nat -S
