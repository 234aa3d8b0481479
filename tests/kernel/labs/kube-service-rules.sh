sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
ip link add docker0 address 02:42:7d:11:22:33 type bridge mcast_snooping 0
ip addr add 172.17.0.1/16 dev docker0
ip link set docker0 up
ip netns add c1; ip netns exec c1 sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
ip link add veth1 type veth peer name eth0 netns c1 address 02:42:ac:11:00:02
ip link set veth1 master docker0 up
ip -n c1 link set eth0 up
ip -n c1 addr add 172.17.0.2/16 dev eth0
ip -n c1 route add default via 172.17.0.1
ip netns add c2; ip netns exec c2 sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
ip link add veth2 type veth peer name eth0 netns c2 address 02:42:ac:11:00:03
ip link set veth2 master docker0 up
ip -n c2 link set lo up
ip -n c2 link set eth0 up
ip -n c2 addr add 172.17.0.3/16 dev eth0
ip -n c2 route add default via 172.17.0.1
ip netns add ext; ip netns exec ext sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
ip link add eth0 address 02:00:00:00:09:01 type veth peer name eth0 netns ext address 02:00:00:00:09:02
ip addr add 10.0.0.1/24 dev eth0; ip link set eth0 up
ip -n ext link set lo up; ip -n ext link set eth0 up
ip -n ext addr add 10.0.0.2/24 dev eth0
ip route add default via 10.0.0.2
iptables-restore --noflush <<EOF
*nat
:KUBE-SERVICES - [0:0]
:KUBE-POSTROUTING - [0:0]
:KUBE-MARK-MASQ - [0:0]
:KUBE-NODEPORTS - [0:0]
:KUBE-SVC-AAAA - [0:0]
:KUBE-SEP-A1 - [0:0]
:KUBE-SEP-A2 - [0:0]
-A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-A OUTPUT -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-A POSTROUTING -m comment --comment "kubernetes postrouting rules" -j KUBE-POSTROUTING
-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN
-A KUBE-POSTROUTING -j MARK --xor-mark 0x4000
-A KUBE-POSTROUTING -m comment --comment "kubernetes service traffic requiring SNAT" -j MASQUERADE --random-fully
-A KUBE-MARK-MASQ -j MARK --or-mark 0x4000
-A KUBE-SERVICES -d 10.96.0.10/32 -p tcp -m comment --comment "default/web:http cluster IP" -m tcp --dport 80 -j KUBE-SVC-AAAA
-A KUBE-SERVICES -m comment --comment "nodeports" -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS
-A KUBE-NODEPORTS -p tcp -m comment --comment "default/web:http" -m tcp --dport 30080 -j KUBE-SVC-AAAA
-A KUBE-SVC-AAAA ! -s 172.17.0.0/16 -d 10.96.0.10/32 -p tcp -m tcp --dport 80 -j KUBE-MARK-MASQ
-A KUBE-SVC-AAAA -m statistic --mode random --probability 0.00000000000 -j KUBE-SEP-A1
-A KUBE-SVC-AAAA -j KUBE-SEP-A2
-A KUBE-SEP-A1 -s 172.17.0.2/32 -j KUBE-MARK-MASQ
-A KUBE-SEP-A1 -p tcp -m tcp -j DNAT --to-destination 172.17.0.2:8080
-A KUBE-SEP-A2 -s 172.17.0.3/32 -j KUBE-MARK-MASQ
-A KUBE-SEP-A2 -p tcp -m tcp -j DNAT --to-destination 172.17.0.3:8080
COMMIT
EOF
ip netns exec c2 nc -lk 8080 > /tmp/g &
sleep .3
iptables -t raw -A PREROUTING -p tcp -j TRACE; iptables -t raw -A OUTPUT -p tcp -j TRACE
echo pod | ip netns exec c1 nc -N -w 1 10.96.0.10 80
echo self | ip netns exec c2 nc -N -w 1 10.96.0.10 80
echo node | nc -N -w 1 10.96.0.10 80
echo ext | ip netns exec ext nc -N -w 1 10.0.0.1 30080
cat /tmp/g
conntrack -L | sort
iptables -t nat -nvL
iptables-save -t nat | grep -v '^#'
