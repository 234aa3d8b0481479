ip netns add c1
ip netns add c2
ip netns add s
ip link add v1 type veth peer name eth0 netns c1
ip link add v2 type veth peer name eth0 netns c2
ip link add v9 type veth peer name eth0 netns s
ip addr add 10.1.0.1/24 dev v1
ip addr add 10.2.0.1/24 dev v2
ip addr add 10.9.0.1/24 dev v9
ip link set v1 up
ip link set v2 up
ip link set v9 up
ip -n c1 addr add 10.1.0.2/24 dev eth0
ip -n c2 addr add 10.2.0.2/24 dev eth0
ip -n s addr add 10.9.0.2/24 dev eth0
for n in c1 c2 s; do ip -n $n link set eth0 up; ip -n $n link set lo up; done
ip -n c1 route add default via 10.1.0.1
ip -n c2 route add default via 10.2.0.1
ip -n s route add default via 10.9.0.1
iptables -t nat -A POSTROUTING -o v9 -j MASQUERADE
ip netns exec c1 ping -c 1 -e 5 10.9.0.2 > /dev/null
echo a | ip netns exec c1 nc -u -w 1 -p 4000 10.9.0.9 53
conntrack -G -p udp -s 10.1.0.2 -d 10.9.0.9 --sport 4000 --dport 53; echo $?
conntrack -G -p udp -s 10.1.0.2 -d 10.9.0.9 --sport 4000 --dport 54; echo $?
conntrack -G -p udp -r 10.9.0.9 -q 10.9.0.1 --reply-port-src 53 --reply-port-dst 4000; echo $?
conntrack -G -p icmp -s 10.1.0.2 -d 10.9.0.2 --icmp-type 8 --icmp-code 0 --icmp-id 5; echo $?
conntrack -G -p icmp -s 10.1.0.2 -d 10.9.0.2 --icmp-type 8 --icmp-id 5; echo $?
conntrack -G -p udp -s 10.1.0.2; echo $?
conntrack -G -s 10.1.0.2 -d 10.9.0.9; echo $?
conntrack -G; echo $?
conntrack -G -o extended -p udp -s 10.1.0.2 -d 10.9.0.9 --sport 4000 --dport 53; echo $?
conntrack -L -p udp --sport 4000 --dport 53 -s 10.1.0.2 -d 10.9.0.9 -q 10.9.0.1; echo $?
conntrack -D -p icmp --icmp-type 8 --icmp-code 0 --icmp-id 5; echo $?
conntrack -L --orig-src 10.1.0.2 --orig-dst 10.9.0.9 --proto udp; echo $?
conntrack -L -p udp --orig-port-dst 53 --mark 0/0xff; echo $?
conntrack -C conntrack
conntrack -L conntrack
conntrack --dump
conntrack --count
conntrack --flush
conntrack -D -p udp; echo $?
