ip link add docker0 address 02:42:7d:11:22:33 type bridge mcast_snooping 0
ip addr add 172.17.0.1/16 dev docker0
ip link set docker0 up
ip netns add c1
ip link add veth1 type veth peer name eth0 netns c1 address 02:42:ac:11:00:02
ip link set veth1 master docker0 up
ip -n c1 link set eth0 up
ip -n c1 addr add 172.17.0.2/16 dev eth0
ip -n c1 route add default via 172.17.0.1
iptables -A NOPE -j ACCEPT; echo $?
iptables -t nat -A PREROUTING -j REJECT; echo $?
iptables -t nat -A POSTROUTING -j DNAT --to 1.2.3.4; echo $?
iptables -A INPUT -p tcp --dport 99999 -j ACCEPT; echo $?
iptables -A INPUT -p icmp --icmp-type foo -j ACCEPT; echo $?
iptables -D INPUT 3; echo $?
iptables -D INPUT -p tcp -j DROP; echo $?
iptables -N X; iptables -N X; echo $?
iptables -X INPUT; echo $?
iptables -A INPUT -j X; iptables -X X; echo $?
iptables -P X DROP; echo $?
iptables -P INPUT REJECT; echo $?
iptables -R INPUT 5 -j ACCEPT; echo $?
iptables -I INPUT 7 -j ACCEPT; echo $?
iptables -A OUTPUT -i eth0 -j ACCEPT; echo $?
iptables -A INPUT -o eth0 -j ACCEPT; echo $?
iptables -t nat -A OUTPUT -o eth0 -j MASQUERADE; echo $?
iptables -A FORWARD -s 300.1.1.1 -j DROP; echo $?
iptables -A FORWARD -s 10.0.0.0/33 -j DROP; echo $?
iptables -A FORWARD -j LOG --log-level foo; echo $?
iptables -A FORWARD -j LOG --log-prefix "a very very very long prefix that is too long" ; echo $?
iptables -t foo -L; echo $?
iptables -L FOO; echo $?
iptables -Z FOO; echo $?
iptables -F FOO; echo $?
iptables -C INPUT -j ACCEPT; echo $?
iptables -C INPUT -j X; echo $?
iptables -E X Y; iptables -S
iptables -E INPUT Z; echo $?
iptables -A INPUT -m conntrack --ctstate FOO -j ACCEPT; echo $?
iptables -A INPUT -m limit --limit 5/foo -j ACCEPT; echo $?
iptables -A INPUT -j MARK --set-mark 1; echo $?
iptables -A INPUT -j ACCEPT -j DROP; echo $?
iptables -A INPUT -p tcp -j REJECT --reject-with tcp-reset; echo $?
iptables -A INPUT -p udp -j REJECT --reject-with tcp-reset; echo $?
iptables -A INPUT -m owner --uid-owner 0 -j ACCEPT; echo $?
iptables -A INPUT; echo $?
iptables; echo $?
iptables -A; echo $?
iptables -S
