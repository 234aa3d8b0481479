p() { echo "\$ $*"; "$@"; r=$?; [ $r = 0 ] || echo "rc=$r"; }
ip link add br0 address 02:42:7d:11:22:33 type bridge mcast_snooping 0; ip addr add 172.17.0.1/16 dev br0; ip link set br0 up
for i in 1 2; do ip netns add c$i; ip link add v$i address 02:00:00:00:00:1$i type veth peer name eth0 netns c$i address 02:42:ac:11:00:0$((i+1)); ip link set v$i master br0 up; ip -n c$i link set lo up; ip -n c$i link set eth0 up;  ip -n c$i addr add 172.17.0.$((i+1))/16 dev eth0; ip -n c$i route add default via 172.17.0.1; done
ip netns add ext; ip link add eth1 address 02:00:00:00:01:01 type veth peer name eth0 netns ext address 02:00:00:00:01:02; ip link set eth1 up; ip addr add 10.0.0.1/24 dev eth1; ip -n ext link set lo up; ip -n ext link set eth0 up; ip -n ext addr add 10.0.0.2/24 dev eth0; ip -n ext route add 172.17.0.0/16 via 10.0.0.1
iptables -t nat -A POSTROUTING -s 172.17.0.0/16 ! -o br0 -j MASQUERADE
iptables -t nat -A PREROUTING -p tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80
conntrack -E > /tmp/ev 2>&1 & CE=$!
ip netns exec c1 nc -l -p 80 > /tmp/got & 
sleep 0.5
echo hello | ip netns exec ext nc -w 1 10.0.0.1 8080; echo rc=$?
sleep 0.5
cat /tmp/got
conntrack -L -p tcp
kill -INT $CE; wait $CE; echo $?
cat /tmp/ev
p ip netns exec c2 nc -z -v 172.17.0.2 81
p ip netns exec c2 nc -w 1 172.17.0.2 81
p ip netns exec c2 nc -z -w 1 172.17.0.99 81
p ip netns exec c2 nc -zv -w 1 172.17.0.99 81
p ip netns exec c2 nc -zv 8.8.8.8 81
p nc -zv 8.8.8.8 81
ip netns exec c1 nc -l -u -p 53 > /tmp/u & U=$!
sleep 0.2
p sh -c 'echo q | ip netns exec c2 nc -u -w 1 172.17.0.2 53'
cat /tmp/u; kill $U
p sh -c 'echo q | ip netns exec c2 nc -u -w 1 172.17.0.2 54'
p ip netns exec c2 nc -uzv -w 1 172.17.0.2 54
p ip netns exec c2 nc -uzv 172.17.0.2 55
ip netns exec c1 nc -lk 90 & L=$!
sleep 0.2
for i in 1 2; do echo m$i | ip netns exec c2 nc -N 172.17.0.2 90; echo $?; done
p ip netns exec c2 nc -zv 172.17.0.2 90
kill $L
