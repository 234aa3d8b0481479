# ping -I device, address, wrong ones; -t 1 to self; -W with late answers; -M to self; loop back to own multicast
ip netns add a
ip link add h0 type veth peer name eth0 netns a
ip link add d0 type dummy
ip link set h0 up; ip link set d0 up
ip addr add 10.1.0.1/24 dev h0
ip addr add 10.2.0.1/24 dev d0
ip -n a link set eth0 up
ip -n a addr add 10.1.0.2/24 dev eth0
ip -n a route add 10.2.0.0/24 via 10.1.0.1
iptables -t mangle -A OUTPUT -p icmp -j LOG --log-prefix "o "
iptables -t mangle -A INPUT -p icmp -j LOG --log-prefix "i "
ping -c 1 -W 1 -I d0 10.1.0.2
ping -c 1 -W 1 -I h0 10.2.0.1
ping -c 1 -W 1 -I lo 10.1.0.2
ping -c 1 -W 1 -I lo 10.1.0.1
ping -c 1 -W 1 -I nosuch 10.1.0.2
ping -c 1 -W 1 -I 10.2.0.1 10.1.0.2
ping -c 1 -W 1 -t 1 10.1.0.1
ping -c 1 -W 1 -t 1 10.1.0.2
ping -c 1 -s 65507 10.1.0.1
ping -c 1 -s 65508 10.1.0.1
ping -c 1 -M do -s 2000 10.1.0.1
ping -c 1 -W 1 0.0.0.0
ping -c 1 -W 1 224.0.0.1
ping -c 1 -W 1 -I h0 224.0.0.1
ping -c 2 -i 0.2 -W 1 10.1.0.2 -q
ping -c 1 nosuchhost
ping -c 0 10.1.0.2
ping -c 1 -W 0 10.1.0.2
ping -c 1 -t 0 10.1.0.2
ping -c 1 -t 256 10.1.0.2
ping -c 1 -s -1 10.1.0.2
ping -c 1 -M maybe 10.1.0.2
ping -c 1 -i 0 10.1.0.2 | head -2
iptables -t mangle -nvL
