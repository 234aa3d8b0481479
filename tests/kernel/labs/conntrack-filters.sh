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
ip netns add c2; ip netns exec c2 sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
ip link add veth2 type veth peer name eth0 netns c2 address 02:42:ac:11:00:03
ip link set veth2 master docker0 up
ip -n c2 link set lo up
ip -n c2 link set eth0 up
ip -n c2 addr add 172.17.0.3/16 dev eth0
ip -n c2 route add default via 172.17.0.1
iptables -A FORWARD -m conntrack --ctstate NEW -j CONNMARK --set-mark 7
ip netns exec c2 nc -lk 80 > /dev/null &
sleep .3
echo x | ip netns exec c1 nc -N -w 1 -p 5001 172.17.0.3 80
ip netns exec c1 nc -z -w 1 -p 5002 172.17.0.3 81
echo x | ip netns exec c1 nc -u -w 1 -p 5003 172.17.0.3 82
ip netns exec c1 ping -c 1 -e 5 172.17.0.3 > /dev/null
ping -c 1 -e 6 172.17.0.3 > /dev/null
conntrack -L -p tcp --state TIME_WAIT
conntrack -L -p tcp --state CLOSE
conntrack -L -m 7
conntrack -L --mark 7/0xf -p udp
conntrack -L -s 172.17.0.1; conntrack -L -d 172.17.0.3 -p icmp; conntrack -L -r 172.17.0.3 -p tcp; conntrack -L -q 172.17.0.2 -p udp
conntrack -L -u ASSURED; conntrack -L -u UNREPLIED; conntrack -L -u SEEN_REPLY
conntrack -L -p tcp --orig-port-dst 80 -o extended,id | sed 's/id=[0-9]*$/id=N/'
conntrack -L -f ipv4 -p 17
conntrack -L -p foo; echo $?
conntrack -L --sport 5; echo $?
conntrack -C
conntrack -D -p tcp
conntrack -D; conntrack -L
