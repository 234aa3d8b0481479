# To oneself: loopback, its broadcast, own addresses, by devices and as route get sees them.
ip netns add a
ip link add v1 type veth peer name e0 netns a
ip addr add 10.1.0.1/24 dev v1
ip link set v1 up
ip -n a link set lo up
ip -n a addr add 10.1.0.2/24 dev e0
ip -n a link set e0 up
iptables -t raw -A PREROUTING -j TRACE
iptables -t raw -A OUTPUT -j TRACE
iptables -A INPUT -i lo -j LOG --log-prefix "in "
iptables -t nat -A OUTPUT -j LOG --log-prefix "no "
iptables -t nat -A POSTROUTING -j LOG --log-prefix "np "
ping -c 1 127.0.0.1
ping -c 1 127.5.6.7
ping -c 1 10.1.0.1
ping -c 1 0
ping -c 1 -I 10.1.0.1 127.0.0.1
ping -c 1 -I v1 -W 1 127.0.0.1
ping -c 1 -I lo -W 1 10.1.0.1
ping -c 1 -b 127.255.255.255
ping -c 1 -W 1 127.255.255.255
ping -c 1 -W 1 -b 10.1.0.255
ping -c 1 -W 1 -b 10.1.0.0
ping -c 1 -W 1 -b 255.255.255.255
sysctl -w net.ipv4.icmp_echo_ignore_broadcasts=0
ping -c 1 -W 1 -b 10.1.0.255
ip route get 127.0.0.1
ip route get 127.5.6.7 from 10.1.0.1
ip route get 10.1.0.1
ip route get 10.1.0.1 from 127.0.0.1
ip route get 10.1.0.255
ip route get 10.1.0.0
ip route get 255.255.255.255
ip route get 224.0.0.1
ip route get 0.0.0.0
ip route get 10.1.0.1 oif v1
ip route get 127.0.0.1 oif v1
ip route get 10.1.0.1 from 10.1.0.2 iif v1
ip route get 10.1.0.255 from 10.1.0.2 iif v1
ip route get 127.0.0.1 from 10.1.0.2 iif v1
ip route get 10.1.0.2 from 10.1.0.1 iif lo
iptables -t nat -nvL
iptables -nvL INPUT
