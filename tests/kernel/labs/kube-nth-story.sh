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
iptables-restore <<R
*nat
:KUBE-SERVICES - [0:0]
:KUBE-NODEPORTS - [0:0]
:KUBE-MARK-MASQ - [0:0]
:KUBE-POSTROUTING - [0:0]
:KUBE-SVC-AAAA - [0:0]
:KUBE-SEP-2 - [0:0]
:KUBE-SEP-3 - [0:0]
:KUBE-SEP-4 - [0:0]
-A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-A OUTPUT -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-A POSTROUTING -m comment --comment "kubernetes postrouting rules" -j KUBE-POSTROUTING
-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000
-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN
-A KUBE-POSTROUTING -j MARK --set-xmark 0x4000/0x0
-A KUBE-POSTROUTING -m comment --comment "kubernetes service traffic requiring SNAT" -j MASQUERADE --random-fully
-A KUBE-SERVICES -d 10.96.0.10/32 -p tcp -m comment --comment "default/web cluster IP" -m tcp --dport 80 -j KUBE-SVC-AAAA
-A KUBE-SERVICES -m comment --comment "kubernetes service nodeports; NOTE: this must be the last rule in this chain" -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS
-A KUBE-NODEPORTS -p tcp -m comment --comment default/web -m tcp --dport 30080 -j KUBE-MARK-MASQ
-A KUBE-NODEPORTS -p tcp -m comment --comment default/web -m tcp --dport 30080 -j KUBE-SVC-AAAA
-A KUBE-SVC-AAAA ! -s 172.17.0.0/16 -d 10.96.0.10/32 -p tcp -m tcp --dport 80 -j KUBE-MARK-MASQ
-A KUBE-SVC-AAAA -m statistic --mode nth --every 3 --packet 0 -j KUBE-SEP-2
-A KUBE-SVC-AAAA -m statistic --mode nth --every 2 --packet 0 -j KUBE-SEP-3
-A KUBE-SVC-AAAA -j KUBE-SEP-4
-A KUBE-SEP-2 -s 172.17.0.2/32 -j KUBE-MARK-MASQ
-A KUBE-SEP-2 -p tcp -m tcp -j DNAT --to-destination 172.17.0.2:8080
-A KUBE-SEP-3 -s 172.17.0.3/32 -j KUBE-MARK-MASQ
-A KUBE-SEP-3 -p tcp -m tcp -j DNAT --to-destination 172.17.0.3:8080
-A KUBE-SEP-4 -s 172.17.0.4/32 -j KUBE-MARK-MASQ
-A KUBE-SEP-4 -p tcp -m tcp -j DNAT --to-destination 172.17.0.4:8080
COMMIT
*filter
:INPUT ACCEPT [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:KUBE-FORWARD - [0:0]
-A FORWARD -m comment --comment "kubernetes forwarding rules" -j KUBE-FORWARD
-A KUBE-FORWARD -m conntrack --ctstate INVALID -j DROP
-A KUBE-FORWARD -m comment --comment "kubernetes forwarding rules" -m mark --mark 0x4000/0x4000 -j ACCEPT
-A KUBE-FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A KUBE-FORWARD -s 172.17.0.0/16 -j ACCEPT
-A KUBE-FORWARD -d 172.17.0.0/16 -p tcp --dport 8080 -j ACCEPT
COMMIT
R
echo $?
iptables -t raw -A PREROUTING -p tcp --syn -j TRACE
iptables -t raw -A OUTPUT -p tcp --syn -j TRACE
for n in 2 3; do ip netns exec c$n sh -c "while true; do echo from c$n | nc -l -N 8080; done" >/dev/null & done
sleep 1
for i in 1 2 3; do ip netns exec out nc -v -w 1 192.0.2.1 30080 </dev/null; echo rc $?; sleep 1; done
for i in 1 2 3; do nc -v -n -w 1 10.96.0.10 80 </dev/null; echo rc $?; sleep 1; done
ip route add default via 192.0.2.99
for i in 1 2 3; do nc -v -n -w 1 10.96.0.10 80 </dev/null; echo rc $?; sleep 1; done
for i in 1 2 3; do ip netns exec c3 nc -v -n -w 1 10.96.0.10 80 </dev/null; echo rc $?; sleep 1; done
bridge link set dev veth3 hairpin on
iptables -t nat -D KUBE-SVC-AAAA 2
iptables -t nat -D KUBE-SVC-AAAA 3
ip netns exec c3 nc -v -n -w 1 10.96.0.10 80 </dev/null; echo rc $?
ip route get 10.96.0.10
for t in raw mangle nat filter; do echo "== $t"; iptables -t $t -nvL --line-numbers; done
iptables-save -c
for t in broute nat filter; do ebtables -t $t -L --Lc --Ln; done
bridge fdb show | grep -v "33:33\|01:00:5e" | sort
ip neigh | sort
conntrack -L 2>/dev/null
