ip link add docker0 address 02:42:7d:11:22:33 type bridge mcast_snooping 0
ip addr add 172.17.0.1/16 dev docker0
ip link set docker0 up
ip netns add c1
ip link add veth1 type veth peer name eth0 netns c1 address 02:42:ac:11:00:02
ip link set veth1 master docker0 up
ip -n c1 link set eth0 up
ip -n c1 addr add 172.17.0.2/16 dev eth0
ip -n c1 route add default via 172.17.0.1
iptables -I INPUT -p tcp -m tcp --dport http -m state --state NEW -j ACCEPT
iptables -I INPUT 2 -p udp --dport domain -j ACCEPT
iptables --append INPUT --protocol tcp --source 10.0.0.0/8 --destination-port 443 --jump ACCEPT
iptables -A INPUT -p tcp -m multiport --destination-ports 1,2:5 -j ACCEPT
iptables -A INPUT -p tcp -m multiport ! --source-ports 7 -j ACCEPT
iptables -A INPUT -p icmp -m icmp --icmp-type destination-unreachable -j ACCEPT
iptables -A INPUT -p icmp ! --icmp-type 8/0 -j ACCEPT
iptables -A INPUT -p all -s 0/0 -d 0.0.0.0/0 -j RETURN
iptables -A INPUT -s 192.168.1.77/24 -j ACCEPT
iptables -A INPUT ! -s 10.1.1.1 ! -d 10.0.0.0/255.255.0.0 ! -i docker0 -j DROP
iptables -A INPUT -j REJECT --reject-with admin-prohib
iptables -A INPUT -j REJECT --reject-with icmp-nosuch; echo $?
iptables -A INPUT -p tcp -j LOG --log-level 9; echo $?
iptables -A INPUT -p tcp --tcp-flags SYN,FOO SYN -j DROP; echo $?
iptables -A INPUT -p tcp --sport 10:5 -j DROP; echo $?
iptables -A INPUT -p udp -m multiport --dports 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16 -j DROP; echo $?
iptables -A INPUT -m mac --mac-source 00:11 -j DROP; echo $?
iptables -A INPUT -m statistic --mode random --probability 1.5 -j DROP; echo $?
iptables -A INPUT -m statistic --mode nth -j DROP; echo $?
iptables -A INPUT -m limit --limit 20000/s -j DROP; echo $?
iptables -A INPUT -m ttl -j DROP; echo $?
iptables -A INPUT -m conntrack -j DROP; echo $?
iptables -A INPUT -m physdev -j DROP; echo $?
iptables -A INPUT -m mark --mark foo -j DROP; echo $?
iptables -A INPUT -j MARK; echo $?
iptables -A INPUT -j TTL --ttl-set 5; echo $?
iptables -t nat -A POSTROUTING -j SNAT; echo $?
iptables -t nat -A POSTROUTING -j SNAT --to 1.2.3.4:80; echo $?
iptables -t nat -A PREROUTING -j DNAT --to 300.2.3.4; echo $?
iptables -t nat -A PREROUTING -p tcp -j REDIRECT --to-ports 70000; echo $?
iptables -t nat -A PREROUTING -j REDIRECT --to-ports 80; echo $?
iptables -t nat -P PREROUTING DROP; echo $?
iptables -t nat -A PREROUTING -j DROP; echo $?
iptables -t mangle -A INPUT -j REJECT; iptables -t raw -A INPUT -j ACCEPT; iptables -A INPUT -j CT --notrack
iptables -A FORWARD -i docker0 -i eth0 -j ACCEPT; iptables -A FORWARD -p icmp -p tcp -j ACCEPT; iptables -A FORWARD -s 1.1.1.1 -s 2.2.2.2 -j ACCEPT
iptables -A FORWARD -m comment --comment "$(printf 'x%.0s' $(seq 1 260))" -j ACCEPT; echo $?
iptables -A FORWARD -m owner --uid-owner nosuchuser -j ACCEPT; iptables -A OUTPUT -m owner --uid-owner nosuchuser -j ACCEPT
iptables -S; iptables -t nat -S; iptables -nL
