ip link add docker0 address 02:42:7d:11:22:33 type bridge mcast_snooping 0
ip addr add 172.17.0.1/16 dev docker0
ip link set docker0 up
ip netns add c1
ip link add veth1 type veth peer name eth0 netns c1 address 02:42:ac:11:00:02
ip link set veth1 master docker0 up
ip -n c1 link set eth0 up
ip -n c1 addr add 172.17.0.2/16 dev eth0
ip -n c1 route add default via 172.17.0.1
ip netns add c2
ip link add veth2 type veth peer name eth0 netns c2 address 02:42:ac:11:00:03
ip link set veth2 master docker0 up
ip -n c2 link set lo up
ip -n c2 link set eth0 up
ip -n c2 addr add 172.17.0.3/16 dev eth0
ip -n c2 route add default via 172.17.0.1
ipset create good hash:ip
ipset add good 172.17.0.2
ipset create pair hash:ip,port
ipset add pair 172.17.0.3,tcp:80
ipset create nets hash:net timeout 100
ipset add nets 172.17.0.0/24
iptables -A FORWARD -m set --match-set good src -j LOG --log-prefix "good "
iptables -A FORWARD -m set --match-set pair dst,dst -j ACCEPT
iptables -A FORWARD -p tcp -m set ! --match-set good src -j DROP
iptables -A FORWARD -m set --match-set nets src,dst -j ACCEPT
ip netns exec c2 nc -l 80 >/dev/null &
sleep .3
ip netns exec c1 ping -c1 172.17.0.3
echo 1 | ip netns exec c1 nc -N -w1 172.17.0.3 80
ip netns exec c1 nc -zv -w1 172.17.0.3 81
ip netns exec c2 nc -zv -w1 172.17.0.2 81
iptables -nvL FORWARD
iptables -S FORWARD
ipset list good; ipset save
ipset test good 172.17.0.9; ipset test good 172.17.0.2
ipset del good 172.17.0.2; ipset destroy good
