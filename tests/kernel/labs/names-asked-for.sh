ip netns add c; ip link add v address 02:00:00:00:00:01 type veth peer name eth0 netns c address 02:00:00:00:00:02; ip addr add 10.0.0.1/24 dev v; ip link set v up; ip -n c addr add 10.0.0.2/24 dev eth0; ip -n c link set eth0 up
iptables -A OUTPUT -o lo -p udp -j LOG --log-prefix "traceroute "
traceroute -q 2 -w 1 10.0.0.2
iptables -R OUTPUT 1 -o lo -p udp -j LOG --log-prefix "icmp "
traceroute -I -q 1 -w 1 10.0.0.2
iptables -R OUTPUT 1 -o lo -p udp -j LOG --log-prefix "nc -v "
nc -v -z -w 1 10.0.0.2 80
nc -v -z -u -w 1 10.0.0.2 80
iptables -R OUTPUT 1 -o lo -p udp -j LOG --log-prefix "nc -lv "
nc -l -v 80 >/dev/null &
sleep .5; ip netns exec c nc -z 10.0.0.1 80
nc -l -u -v 81 >/dev/null &
sleep .5; echo x | ip netns exec c nc -u -w 1 10.0.0.1 81
iptables -R OUTPUT 1 -o lo -p udp -j LOG --log-prefix "nc host "
nc -v -z foo 80
iptables -R OUTPUT 1 -o lo -p udp -j LOG --log-prefix "ping host "
ping -c 1 localhost
ping -c 1 www.example.com
iptables -R OUTPUT 1 -o lo -p udp -j LOG --log-prefix "traceroute host "
traceroute foo
iptables -R OUTPUT 1 -o lo -p udp -j LOG --log-prefix "ping "
ping -c 1 10.0.0.2

