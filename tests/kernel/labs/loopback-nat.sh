sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
ip link add docker0 address 02:42:7d:11:22:33 type bridge mcast_snooping 0
ip addr add 172.17.0.1/16 dev docker0
ip link set docker0 up
ip netns add c1; ip netns exec c1 sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
ip link add veth1 type veth peer name eth0 netns c1 address 02:42:ac:11:00:02
ip link set veth1 master docker0 up
ip -n c1 link set eth0 up
ip -n c1 addr add 172.17.0.2/16 dev eth0
ip -n c1 route add default via 172.17.0.1
iptables -A INPUT -i lo -j LOG --log-prefix "lo "
iptables -A OUTPUT -p tcp --dport 25 -d 127.0.0.0/8 -j REJECT --reject-with tcp-reset
iptables -t nat -A OUTPUT -p tcp -d 127.0.0.1 --dport 80 -j REDIRECT --to-ports 8080
nc -l -p 8080 > /tmp/x &
nc -l -s 127.0.0.2 -p 8081 > /tmp/x2 &
sleep .2
echo a | nc -N -w 1 127.0.0.1 80; echo $?
echo b | nc -N -w 1 127.0.0.2 8081; echo $?
nc -zv 127.0.0.1 25; nc -zv 127.0.0.1 26; nc -zv 172.17.0.1 8080
echo c | nc -u -w 1 127.0.0.1 99; echo $?
conntrack -L
cat /tmp/x /tmp/x2
