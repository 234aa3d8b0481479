ip netns add ext
ip link add eth0 address 02:00:00:00:09:01 type veth peer name eth0 netns ext address 02:00:00:00:09:02
ip addr add 10.0.0.1/24 dev eth0; ip link set eth0 up
ip -n ext link set lo up; ip -n ext link set eth0 up
ip -n ext addr add 10.0.0.2/24 dev eth0
ip route add default via 10.0.0.2
ip link add dum0 type dummy; ip addr add 10.50.0.1/24 dev dum0; ip link set dum0 up
iptables -A OUTPUT -o dum+ -j LOG --log-prefix "dum "
iptables -A OUTPUT ! -o lo -p icmp -j LOG --log-prefix "notlo "
iptables -A INPUT -i lo -p icmp -j LOG --log-prefix "lo "
iptables -A INPUT -i eth+ -j LOG --log-prefix "eth "
ping -c 1 -W 1 10.50.0.2
ping -c 1 10.50.0.1
ping -c 1 -I 10.50.0.1 10.0.0.2
ip -n ext route add 10.50.0.0/24 via 10.0.0.1
ping -c 1 -I 10.50.0.1 10.0.0.2
ping -c 1 -I dum0 -W 1 10.0.0.2
ping -c 1 -I lo 127.0.0.5
ping -c 1 -I nosuch 10.0.0.2; ping -c 1 -I 1.1.1.1 10.0.0.2
ping -c 1 0.0.0.0; ping -c 1 255.255.255.255; ping -c 1 -W 1 224.0.0.1
ping -c 1 10.0.0.0; ping -c 1 -W 1 10.0.0.255
ping -c 1 240.0.0.1; ping -c 1 10.0.0.256; ping -c 1 0x0a000002; ping -c 1 10.2
ping -c 2 -i 0 10.0.0.2 | tail -3 | head -1; ping -c 1 -s 65507 10.0.0.2 | head -2; ping -s 65508 -c 1 10.0.0.2; ping -t 300 -c 1 10.0.0.2; ping -c abc 10.0.0.2
iptables -nvL
