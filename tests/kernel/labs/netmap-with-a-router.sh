# the router namespace is the firewall; the host is a client behind it; NETMAP between overlapping nets
ip netns add fw
ip netns add far
ip link add e0 type veth peer name in netns fw
ip -n fw link add out type veth peer name eth0 netns far
ip link set e0 up
ip addr add 192.168.0.2/24 dev e0
ip route add default via 192.168.0.1
ip -n fw link set in up; ip -n fw link set out up; ip -n far link set eth0 up
ip -n fw addr add 192.168.0.1/24 dev in
ip -n fw addr add 10.99.0.1/24 dev out
ip -n far addr add 10.99.0.2/24 dev eth0
ip -n far link set lo up
ip -n far addr add 192.168.0.2/32 dev lo
ip -n far route add 10.50.0.0/24 via 10.99.0.1
ip netns exec fw sysctl -w net.ipv4.ip_forward=1
ip -n fw route add 10.60.0.0/24 via 10.99.0.2
ip netns exec fw iptables -t nat -A PREROUTING -i in -d 10.60.0.0/24 -j LOG --log-prefix "to-far "
ip netns exec fw iptables -t nat -A POSTROUTING -o out -s 192.168.0.0/24 -j NETMAP --to 10.50.0.0/24
ip netns exec far iptables -t nat -A PREROUTING -d 10.60.0.0/24 -j NETMAP --to 192.168.0.0/24
ip netns exec fw iptables -t nat -A PREROUTING -i out -d 10.50.0.0/24 -j NETMAP --to 192.168.0.0/24
ip netns exec fw iptables -A FORWARD -m conntrack --ctstate SNAT -j LOG --log-prefix "snat "
ip netns exec fw iptables -A FORWARD -m conntrack --ctstate DNAT -j LOG --log-prefix "dnat "
ping -c 1 -W 1 10.60.0.2
ip netns exec far ping -c 1 -W 1 -I 10.99.0.2 10.50.0.2
ping -c 1 -W 1 10.60.0.9
nc -l -p 22 > /dev/null &
sleep 0.3
ip netns exec far nc -z -v -w 2 10.50.0.2 22
ip netns exec fw conntrack -L
ip netns exec fw iptables -t nat -nvL
ip netns exec fw iptables -nvL FORWARD
ip netns exec far iptables-save -c -t nat
ip netns exec fw ip route get 10.60.0.2 from 192.168.0.2 iif in
ip netns exec far ip route get 192.168.0.2
