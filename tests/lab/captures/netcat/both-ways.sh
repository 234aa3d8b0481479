# Two namespaces on a bridge; the host logs every TCP, UDP and ICMP packet that crosses it.
ip link add br0 address 02:00:00:00:01:00 type bridge
ip addr add 192.168.0.1/24 dev br0
ip link set br0 up
for i in 2 3; do
  ip netns add c$i
  ip link add veth$i address 02:00:00:00:01:0$i type veth peer name eth0 netns c$i address 02:00:00:00:02:0$i
  ip link set veth$i master br0 up
  ip -n c$i link set lo up
  ip -n c$i link set eth0 up
  ip -n c$i addr add 192.168.0.$i/24 dev eth0
  ip -n c$i route add default via 192.168.0.1
done
for p in tcp udp icmp; do
  iptables -t raw -A PREROUTING -p $p -j LOG --log-prefix "P "
  iptables -t raw -A OUTPUT -p $p -j LOG --log-prefix "O " --log-uid
done
c2() { ip netns exec c2 "$@"; }
c3() { ip netns exec c3 "$@"; }
printf 'hello\nworld\n' | c3 nc -l -p 80 > /tmp/got &
sleep 0.3
echo hi | c2 nc -v -w 1 192.168.0.3 80
echo "rc $?"
wait $!
echo "server $?"
cat /tmp/got
