ip link add docker0 address 02:42:ff:27:17:4d type bridge
ip addr add 192.168.0.1/20 dev docker0
ip link set docker0 type bridge ageing_time 200
ip link set docker0 up
for i in 1 2; do
  ip netns add c$i
  ip link add veth$i address 96:5b:d4:80:73:5$i type veth peer name eth0 netns c$i address 02:42:c0:a8:00:0$((i+1))
  ip link set veth$i master docker0; ip link set veth$i up
  ip -n c$i link set lo up; ip -n c$i addr add 192.168.0.$((i+1))/20 dev eth0; ip -n c$i link set eth0 up
  ip -n c$i route add default via 192.168.0.1
done
ip netns add lan
ip link add eth0 address 00:16:3e:06:3a:3a type veth peer name lan netns lan address 00:2a:6a:aa:12:7c
ip addr add 10.171.77.0/21 brd 10.171.79.255 dev eth0; ip link set eth0 up
ip -n lan addr add 10.171.79.254/21 dev lan; ip -n lan link set lan up; ip -n lan link set lo up; ip -n lan addr add 10.28.61.30/32 dev lo
ip route add default via 10.171.79.254
sysctl -q -w net.ipv4.ip_forward=1
iptables -t nat -N DOCKER; iptables -N DOCKER; iptables -N DOCKER-ISOLATION; iptables -P FORWARD DROP
iptables -A DOCKER-ISOLATION -j RETURN
iptables -t nat -I POSTROUTING -s 192.168.0.0/20 ! -o docker0 -j MASQUERADE
iptables -t nat -I DOCKER -i docker0 -j RETURN
iptables -I FORWARD -i docker0 -o docker0 -j ACCEPT
iptables -I FORWARD -i docker0 ! -o docker0 -j ACCEPT
iptables -t nat -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
iptables -t nat -A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER
iptables -I FORWARD -o docker0 -j DOCKER
iptables -I FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
iptables -I FORWARD -j DOCKER-ISOLATION
iptables -N DOCKER-USER; iptables -A DOCKER-USER -j RETURN; iptables -I FORWARD -j DOCKER-USER
ping -c 1 192.168.0.2 > /dev/null
iptables -t raw -A OUTPUT -p icmp -j TRACE
iptables -t raw -A PREROUTING -p icmp -j TRACE
ebtables -t broute -A BROUTING -p ipv4 --ip-proto 1 --log-level 6 --log-ip --log-prefix "TRACE: eb:broute:BROUTING" -j ACCEPT
ebtables -t nat -A OUTPUT -p ipv4 --ip-proto 1 --log-level 6 --log-ip --log-prefix "TRACE: eb:nat:OUTPUT"  -j ACCEPT
ebtables -t nat -A PREROUTING -p ipv4 --ip-proto 1 --log-level 6 --log-ip --log-prefix "TRACE: eb:nat:PREROUTING" -j ACCEPT
ebtables -t filter -A INPUT -p ipv4 --ip-proto 1 --log-level 6 --log-ip --log-prefix "TRACE: eb:filter:INPUT" -j ACCEPT
ebtables -t filter -A FORWARD -p ipv4 --ip-proto 1 --log-level 6 --log-ip --log-prefix "TRACE: eb:filter:FORWARD" -j ACCEPT
ebtables -t filter -A OUTPUT -p ipv4 --ip-proto 1 --log-level 6 --log-ip --log-prefix "TRACE: eb:filter:OUTPUT" -j ACCEPT
ebtables -t nat -A POSTROUTING -p ipv4 --ip-proto 1 --log-level 6 --log-ip --log-prefix "TRACE: eb:nat:POSTROUTING" -j ACCEPT
iptables-save | grep -v '^#'
iptables -nL --line-numbers -v -t filter
iptables -nL --line-numbers -v -t nat
ip netns exec c1 ping -c 3 192.168.0.3 > /dev/null
ip netns exec c1 ip route
iptables -t mangle -nL
sleep 20
ping -c 3 192.168.0.2 | grep -c ttl=64
ping -c 1 10.28.61.30 | grep -c ttl
ip netns exec c1 ping -c 3 10.28.61.30 | grep -c ttl
iptables-save -c | grep -v '^#'
conntrack -L 2>/dev/null | sed 's/ id=[0-9]*//g' | sort | head -3
ip neigh show dev docker0 | cut -d' ' -f1-3 | sort
bridge fdb show br docker0 | grep -v permanent | sort
