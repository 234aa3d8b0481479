for n in a b c; do ip netns add $n; done
ip link add eth0 type veth peer name eth0 netns a
ip addr add 10.1.0.1/24 dev eth0; ip link set eth0 up
ip -n a link set eth0 up; ip -n a addr add 10.1.0.2/24 dev eth0
ip -n a link add eth1 type veth peer name eth0 netns b
ip -n a link set eth1 up; ip -n a addr add 10.2.0.1/24 dev eth1
ip -n b link set eth0 up; ip -n b addr add 10.2.0.2/24 dev eth0; ip -n b link set lo up
ip -n b route add default via 10.2.0.1
ip netns exec a sysctl -q -w net.ipv4.ip_forward=1
ip route add 10.2.0.0/24 via 10.1.0.2
ip route add 10.9.0.0/16 via 10.1.0.2
for p in tcp udp icmp; do
  iptables -t raw -A PREROUTING -p $p -j LOG --log-prefix "P "
  iptables -t raw -A OUTPUT -p $p -j LOG --log-prefix "O " --log-uid
done
traceroute -n -q 1 -I 10.2.0.2; echo "rc $?"
sleep 6
traceroute -n -q 1 -T 10.2.0.2; echo "rc $?"
sleep 6
traceroute -n -q 1 -N 1 10.2.0.2; echo "rc $?"
