ip link add docker0 address 02:42:7d:11:22:33 type bridge mcast_snooping 0
ip addr add 172.17.0.1/16 dev docker0
ip link set docker0 up
for i in 2 3; do
ip netns add c$i; ip netns exec c$i sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
ip link add veth$i address 02:00:00:00:00:0$i type veth peer name eth0 netns c$i address 02:42:ac:11:00:0$i
ip link set veth$i master docker0 up
ip -n c$i link set eth0 up
ip -n c$i addr add 172.17.0.$i/16 dev eth0
ip -n c$i route add default via 172.17.0.1
done
# a published port the plain way, nc over the bridge with ebtables watching
iptables -t nat -A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
iptables -t nat -A PREROUTING -p tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80
ebtables -A FORWARD -p ipv4 --ip-proto tcp --log-ip --log-prefix F -j CONTINUE
ebtables -A OUTPUT -p ipv4 --ip-proto tcp --ip-dport 80 --log-ip --log-prefix O -j CONTINUE
iptables -t raw -A PREROUTING -p tcp -m tcp --tcp-flags SYN,ACK SYN -j TRACE
ip netns exec c2 nc -l -p 80 -w 2 > /tmp/got &
sleep 0.2
echo hello | ip netns exec c3 nc -w 1 172.17.0.1 8080
wait; cat /tmp/got
ip netns exec c3 nc -w 1 -z 172.17.0.2 81; echo $?
ip netns exec c3 nc -w 1 -v 172.17.0.1 22; echo $?
ip netns exec c3 nc -u -w 1 172.17.0.2 53 < /dev/null; echo $?
iptables -t nat -nvL; ebtables -L --Lc | grep -v Bridge
