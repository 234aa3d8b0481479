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
printf 'line1\nline2\n' > /tmp/answer
ip netns exec c2 nc -l -p 7 < /tmp/answer > /tmp/q &
sleep .5
echo question | ip netns exec c1 nc -v -w 2 172.17.0.3 7
cat /tmp/q
ip netns exec c2 nc -l -v -n -p 8 > /dev/null 2>/tmp/v &
sleep .5
echo z | ip netns exec c1 nc -q 1 -nv -s 172.17.0.2 -p 1234 172.17.0.3 8
cat /tmp/v
ip netns exec c1 nc -vz 172.17.0.3 1-3; echo $?
ip netns exec c1 nc -vz -w 1 172.17.0.9 80; echo $?
ip netns exec c1 nc -vzu 172.17.0.3 53; echo $?
ip netns exec c1 nc -w 1 8.8.8.8 80; echo $?
