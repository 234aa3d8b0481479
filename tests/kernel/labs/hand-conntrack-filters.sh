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
iptables -t nat -A POSTROUTING -o v9 -p icmp -j MASQUERADE
iptables -t nat -A PREROUTING -d 10.1.0.99 -p icmp -j DNAT --to-destination 10.9.0.2
iptables -t nat -A PREROUTING -i v2 -p udp --dport 99 -j DNAT --to-destination 10.9.0.2:53
ip -n s route add default via 10.9.0.1
ip netns exec s nc -lk 80 > /dev/null &
sleep 0.3
ip netns exec c1 ping -c 1 -e 1 10.9.0.2 > /dev/null
ip netns exec c1 ping -c 1 -e 2 10.1.0.99 > /dev/null
ip netns exec c2 ping -c 1 -e 3 10.9.0.2 > /dev/null
echo x | ip netns exec c1 nc -N -w 2 -p 4000 10.9.0.2 80
echo x | ip netns exec c2 nc -u -w 1 -p 4001 10.9.0.9 99
for f in "-p icmp" "-p tcp" "-p udp" "-p 17" "-p TCP" "-p 6" "-s 10.1.0.2" "-s 10.1.0.0/24" "-d 10.9.0.0/16" "-d 10.9.0.2" "-r 10.9.0.2" "-q 10.9.0.1" "-q 10.1.0.2" "-n" "-g" "-j" "-n 10.9.0.1" "-g 10.9.0.2" "-j 10.9.0.2" "--src-nat" "--dst-nat" "-p tcp --state TIME_WAIT" "-p tcp --state established" "-p tcp --dport 80" "-p tcp --sport 80" "-p tcp --reply-port-src 80" "-p udp --reply-port-src 53" "-u ASSURED" "-u SEEN_REPLY" "-u UNREPLIED" "-m 0" "-m 1" "-f ipv4" "-p icmp --icmp-id 3" "-p icmp --icmp-type 8" "-s 10.2.0.2 -p udp" "-o extended -p tcp" "-p udp -n -g"; do
echo "== $f"
conntrack -L $f
echo $?
done
conntrack -L -p foo; echo $?
conntrack -L --dport 80; echo $?
conntrack -D -s 10.2.0.2; echo $?
conntrack -D -s 10.2.0.2; echo $?
conntrack -D -p tcp --dport 81; echo $?
conntrack -D -g; echo $?
conntrack -D -p tcp -s 10.1.0.2 --dport 80
conntrack -D
conntrack -L
conntrack -C
