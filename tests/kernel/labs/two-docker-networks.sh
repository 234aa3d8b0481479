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
ip link add br-1 address 02:42:aa:aa:aa:01 type bridge
ip addr add 172.18.0.1/16 dev br-1
ip link set br-1 up
ip netns add d2
ip netns exec d2 sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip link add vethd2 address fe:00:00:00:01:02 type veth peer name eth0 netns d2 address 02:42:ac:12:00:02
ip link set vethd2 master br-1 up
ip -n d2 link set eth0 up; ip -n d2 link set lo up
ip -n d2 addr add 172.18.0.2/16 dev eth0
ip -n d2 route add default via 172.18.0.1
sleep 3
iptables -P FORWARD DROP
iptables -N DOCKER; iptables -N ISO1; iptables -N ISO2
iptables -A FORWARD -j ISO1
for b in docker0 br-1; do
iptables -A FORWARD -o $b -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
iptables -A FORWARD -o $b -j DOCKER
iptables -A FORWARD -i $b ! -o $b -j ACCEPT
iptables -A FORWARD -i $b -o $b -j ACCEPT
iptables -A ISO1 -i $b ! -o $b -j ISO2
iptables -A ISO2 -o $b -j DROP
iptables -t nat -A POSTROUTING -s $(ip -4 -o addr show dev $b | awk '{print $4}' | sed 's/0.1.16/0.0\/16/') ! -o $b -j MASQUERADE
done
iptables -A ISO1 -j RETURN; iptables -A ISO2 -j RETURN
iptables -t nat -N DOCKER
iptables -t nat -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
iptables -t nat -A OUTPUT -m addrtype --dst-type LOCAL -j DOCKER
iptables -t nat -A DOCKER ! -i br-1 -p tcp -m tcp --dport 8000 -j DNAT --to-destination 172.18.0.2:80
iptables -A DOCKER -d 172.18.0.2/32 ! -i br-1 -o br-1 -p tcp -m tcp --dport 80 -j ACCEPT
sysctl -w net.ipv4.conf.br-1.route_localnet=1 net.ipv4.conf.docker0.route_localnet=1
iptables -t nat -A POSTROUTING -s 127.0.0.0/8 -d 172.18.0.2 -p tcp --dport 80 -j MASQUERADE
iptables -t raw -A PREROUTING -p tcp --syn -j TRACE
iptables -t raw -A OUTPUT -p tcp --syn -j TRACE
ip netns exec d2 sh -c 'nc -l -k 80 >> /tmp/web' &
sleep 1
echo host | nc -N -w 2 172.18.0.1 8000; echo $?
echo lo | nc -N -w 2 127.0.0.1 8000; echo $?
echo out | ip netns exec out nc -N -w 2 192.0.2.1 8000; echo $?
echo c2 | ip netns exec c2 nc -N -w 4 172.18.0.1 8000; echo $?
echo c2d | ip netns exec c2 nc -N -w 4 172.18.0.2 80; echo $?
ip netns exec c2 ping -c 1 -W 1 172.18.0.2; echo $?
ip netns exec c2 ping -c 1 -W 1 172.18.0.1; echo $?
iptables -I ISO1 1 -m conntrack --ctstate DNAT -j RETURN
echo c2 | ip netns exec c2 nc -N -w 2 172.18.0.1 8000; echo $?
ip link set vethd2 nomaster
ip link set vethd2 master docker0
echo moved | ip netns exec out nc -N -w 4 192.0.2.1 8000; echo $?
ip link set vethd2 master br-1
sleep 1
echo back | ip netns exec out nc -N -w 2 192.0.2.1 8000; echo $?
cat /tmp/web
conntrack -L -d 127.0.0.1 2>/dev/null
for t in raw mangle nat filter; do echo "== $t"; iptables -t $t -nvL --line-numbers; done
iptables-save -c
for t in broute nat filter; do ebtables -t $t -L --Lc --Ln; done
bridge fdb show | grep -v "33:33\|01:00:5e" | sort
ip neigh | sort
conntrack -L 2>/dev/null
