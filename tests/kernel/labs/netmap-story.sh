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
iptables -t nat -A PREROUTING -d 198.51.100.0/24 -j NETMAP --to 172.17.0.0/24
iptables -t nat -A OUTPUT -d 198.51.100.0/24 -j NETMAP --to 172.17.0.0/24
iptables -t nat -A POSTROUTING -s 172.17.0.0/24 -o eth0 -j NETMAP --to 198.51.100.0/24
iptables -t nat -A POSTROUTING -j NETMAP; echo $?
iptables -t mangle -A FORWARD -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu
iptables -t mangle -A FORWARD -p tcp --tcp-flags SYN,RST SYN -j LOG --log-prefix "mss " --log-tcp-options
iptables -t mangle -A FORWARD -p tcp -m tcp --syn -j TCPMSS --set-mss 536
iptables -t mangle -A FORWARD -p tcp -j TCPMSS --set-mss 536; echo $?
iptables -t raw -A PREROUTING -m addrtype ! --dst-type BROADCAST -j TRACE
ip -n out route add 198.51.100.0/24 via 192.0.2.1
ip netns exec out ping -c 1 198.51.100.2
ip netns exec c3 ping -c 1 192.0.2.99
ip netns exec c4 sh -c 'echo a | nc -l -N 99' &
sleep 1
echo b | ip netns exec out nc -w 2 198.51.100.4 99; echo $?
echo b | nc -u -w 1 198.51.100.4 99; echo $?
ping -c 1 198.51.100.4; echo $?
ip netns exec out ping -c 1 -W 2 198.51.100.77; echo $?
ip route add 198.51.100.0/24 dev lo
ping -c 1 198.51.100.4; echo $?
iptables -t nat -D PREROUTING 1
iptables -t nat -I PREROUTING -d 198.51.100.0/25 -p icmp -j NETMAP --to 172.17.0.2/31
conntrack -F
ip netns exec out ping -c 1 198.51.100.3; echo $?
ip netns exec out ping -c 1 198.51.100.8; echo $?
ip route get 198.51.100.8
for t in raw mangle nat filter; do echo "== $t"; iptables -t $t -nvL --line-numbers; done
iptables-save -c
for t in broute nat filter; do ebtables -t $t -L --Lc --Ln; done
bridge fdb show | grep -v "33:33\|01:00:5e" | sort
ip neigh | sort
conntrack -L 2>/dev/null
