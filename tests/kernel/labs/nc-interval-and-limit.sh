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
ip netns exec c2 nc -lk -p 80 > /tmp/got &
sleep .3
date +%s > /tmp/a
printf 'a\nb\n' | ip netns exec c1 nc -N -i 2 172.17.0.3 80
ip netns exec c1 nc -i 1 -zv 172.17.0.3 79-81
date +%s > /tmp/b
echo $(( $(cat /tmp/b) - $(cat /tmp/a) ))
cat /tmp/got
(echo pong; sleep 3) | ip netns exec c2 nc -u -l 53 > /dev/null &
sleep .3
echo ping | ip netns exec c1 nc -u -W 1 172.17.0.3 53
(while true; do echo tick; sleep 1; done) | ip netns exec c2 nc -l 81 > /dev/null &
sleep .2
ip netns exec c1 nc -W 2 172.17.0.3 81; echo $?
