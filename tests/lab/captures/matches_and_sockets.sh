p() { echo "\$ $*"; "$@"; r=$?; [ $r = 0 ] || echo "rc=$r"; }
ip link add br0 address 02:42:7d:11:22:33 type bridge mcast_snooping 0; ip addr add 172.17.0.1/16 dev br0; ip link set br0 up
for i in 1 2; do ip netns add c$i; ip link add v$i address 02:00:00:00:00:1$i type veth peer name eth0 netns c$i address 02:42:ac:11:00:0$((i+1)); ip link set v$i master br0 up; ip -n c$i link set lo up; ip -n c$i link set eth0 up;  ip -n c$i addr add 172.17.0.$((i+1))/16 dev eth0; ip -n c$i route add default via 172.17.0.1; done
ip netns add ext; ip link add eth1 address 02:00:00:00:01:01 type veth peer name eth0 netns ext address 02:00:00:00:01:02; ip link set eth1 up; ip addr add 10.0.0.1/24 dev eth1; ip -n ext link set lo up; ip -n ext link set eth0 up; ip -n ext addr add 10.0.0.2/24 dev eth0; ip -n ext route add 172.17.0.0/16 via 10.0.0.1
iptables -A OUTPUT -m owner --uid-owner 0 -p udp -j LOG --log-uid --log-prefix "own "
iptables -A INPUT -p udp --dport 53 -m statistic --mode nth --every 2 --packet 0 -j LOG --log-prefix "nth "
iptables -A INPUT -p udp --dport 54 -j REJECT
iptables -A INPUT -p tcp --dport 55 -j REJECT --reject-with tcp-reset
iptables -A INPUT -p tcp --dport 56 -j DROP
iptables -A INPUT -p icmp -m limit --limit 1/sec --limit-burst 2 -j LOG --log-prefix "lim "
iptables -A INPUT -m conntrack --ctstate INVALID -j LOG --log-prefix "inv "
iptables -t mangle -A PREROUTING -p tcp -m conntrack --ctstate NEW -j CONNMARK --set-mark 9
iptables -t mangle -A PREROUTING -m connmark --mark 9 -j LOG --log-prefix "cm "
nc -lku 53 > /tmp/u & U=$!
sleep 0.2
for i in 1 2 3; do echo q$i | ip netns exec c1 nc -u -w 1 172.17.0.1 53; done
p ip netns exec c1 nc -zuv -w 1 172.17.0.1 54
p ip netns exec c1 nc -zv -w 1 172.17.0.1 55
p ip netns exec c1 nc -zv -w 4 172.17.0.1 56
p ip netns exec c1 ping -c 4 -i 0.2 172.17.0.1
cat /tmp/u; kill $U
nc -l 60 & sleep 0.1
ip netns exec c1 sh -c '(echo a; sleep 1; echo b) | nc -N -p 5060 172.17.0.1 60'
sleep 0.2
conntrack -L -p tcp --dport 60 | sed 's/ [0-9]* \([A-Z]\)/ T \1/'
iptables -nvL; iptables -t mangle -S
echo x | nc -w 1 -u 172.17.0.2 99; echo rc=$?
