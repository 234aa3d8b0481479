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
ip netns add r; ip netns add far
ip link add eth0 address 02:00:00:00:03:01 type veth peer name eth0 netns r address 02:00:00:00:03:02
ip addr add 10.1.0.1/24 dev eth0; ip link set eth0 up
ip -n r link set eth0 up; ip -n r addr add 10.1.0.2/24 dev eth0
ip -n r link add eth1 mtu 1400 type veth peer name eth0 netns far
ip -n r link set eth1 up; ip -n r addr add 10.2.0.1/24 dev eth1
ip -n far link set eth0 up; ip -n far addr add 10.2.0.2/24 dev eth0; ip -n far route add default via 10.2.0.1
ip netns exec r sysctl -q -w net.ipv4.ip_forward=1
ip -n r route add 192.168.0.0/24 via 10.1.0.1
ip route add 10.2.0.0/24 via 10.1.0.2
seq 1 100000 | head -c 1400 > /tmp/data
ip netns exec far nc -l -p 80 > /tmp/got &
sleep 0.3
c2 nc -N 10.2.0.2 80 < /tmp/data
sleep 0.3
wc -c < /tmp/got
echo again >> /tmp/data
ip netns exec far nc -l -p 81 > /tmp/got &
sleep 0.3
c2 nc -N 10.2.0.2 81 < /tmp/data
sleep 0.3
wc -c < /tmp/got
c2 ip route flush cache
ip netns exec c2 ip route get 10.2.0.2 | head -1
