# as one types it; IPv6 left on, snooping left on, logs only of IPv4
ip link add docker0 address 02:42:7d:11:22:33 type bridge
ip addr add 172.17.0.1/16 dev docker0
ip link set docker0 up
for n in 1 2; do
  ip netns add c$n
  ip link add veth$n type veth peer name eth0 netns c$n address 02:42:ac:11:00:0$((n+1))
  ip link set veth$n master docker0 up
  ip -n c$n link set eth0 up
  ip -n c$n addr add 172.17.0.$((n+1))/16 dev eth0
  ip -n c$n route add default via 172.17.0.1
done
iptables -t raw -A PREROUTING -p icmp -j TRACE
iptables -t raw -A OUTPUT -p icmp -j TRACE
iptables -t nat -A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
ebtables -t broute -A BROUTING -p ipv4 --ip-proto 1 --log-level 6 --log-ip --log-prefix "TRACE: eb:broute:BROUTING" -j ACCEPT
ebtables -t nat -A PREROUTING -p ipv4 --ip-proto 1 --log-level 6 --log-ip --log-prefix "TRACE: eb:nat:PREROUTING" -j ACCEPT
ebtables -t filter -A FORWARD -p ipv4 --ip-proto 1 --log-level 6 --log-ip --log-prefix "TRACE: eb:filter:FORWARD" -j ACCEPT
ebtables -t nat -A POSTROUTING -p ipv4 --ip-proto 1 --log-level 6 --log-ip --log-prefix "TRACE: eb:nat:POSTROUTING" -j ACCEPT
ip netns exec c1 ping -c 3 -i 0.5 172.17.0.3
ip netns exec c1 ping -c 1 172.17.0.1
ping -c 1 172.17.0.3
ip netns exec c1 ping -c 1 -W 4 172.17.0.9
iptables -t nat -nvL --line-numbers | grep -v policy; ip route get 172.17.0.2; ip neigh show 172.17.0.3
