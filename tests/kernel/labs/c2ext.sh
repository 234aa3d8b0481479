# Two containers on docker0, and a gateway behind eth0 that owns 10.28.61.30.
ip link add docker0 address 02:42:ff:27:17:4d type bridge mcast_snooping 0
ip addr add 192.168.0.1/20 dev docker0
ip link set docker0 up
for i in 2 3; do
  ip netns add c$i
  ip link add veth$i type veth peer name eth0 netns c$i address 02:42:c0:a8:00:0$i
  ip link set veth$i master docker0 up
  ip -n c$i link set lo up
  ip -n c$i link set eth0 up
  ip -n c$i addr add 192.168.0.$i/20 dev eth0
  ip -n c$i route add default via 192.168.0.1
done
ip netns add gw
ip link add eth0 address 00:16:3e:06:3a:3a type veth peer name eth0 netns gw address 00:2a:6a:aa:12:7c
ip addr add 10.171.77.1/21 dev eth0
ip link set eth0 up
ip -n gw link set lo up
ip -n gw link set eth0 up
ip -n gw addr add 10.171.79.254/21 dev eth0
ip -n gw addr add 10.28.61.30/32 dev lo
ip route add default via 10.171.79.254
iptables-restore <<RULES
*nat
:PREROUTING ACCEPT [0:0]
:INPUT ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
:DOCKER - [0:0]
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER
-A POSTROUTING -s 192.168.0.0/20 ! -o docker0 -j MASQUERADE
-A DOCKER -i docker0 -j RETURN
COMMIT
*filter
:INPUT ACCEPT [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:DOCKER - [0:0]
:DOCKER-ISOLATION - [0:0]
:DOCKER-USER - [0:0]
-A FORWARD -j DOCKER-USER
-A FORWARD -j DOCKER-ISOLATION
-A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -o docker0 -j DOCKER
-A FORWARD -i docker0 ! -o docker0 -j ACCEPT
-A FORWARD -i docker0 -o docker0 -j ACCEPT
-A DOCKER-ISOLATION -j RETURN
-A DOCKER-USER -j RETURN
COMMIT
RULES
iptables -t raw -A PREROUTING -j TRACE
iptables -t raw -A OUTPUT -j TRACE
for chain in PREROUTING OUTPUT POSTROUTING; do ebtables -t nat -A $chain -p ipv4 --log-level 6 --log-ip --log-prefix "eb:nat:$chain" -j CONTINUE; done
for chain in INPUT FORWARD OUTPUT; do ebtables -t filter -A $chain -p ipv4 --log-level 6 --log-ip --log-prefix "eb:filter:$chain" -j CONTINUE; done
ebtables -t broute -A BROUTING -p ipv4 --log-level 6 --log-ip --log-prefix "eb:broute:BROUTING" -j CONTINUE
iptables -t mangle -nL >/dev/null
ip netns exec c2 ping -c 2 -i 0.3 10.28.61.30
conntrack -L 2>/dev/null | sort
iptables -t nat -nvL --line-numbers
