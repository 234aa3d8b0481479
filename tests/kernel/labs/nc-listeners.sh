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
ip netns exec c2 nc -lk -n -v 80 > /tmp/o 2>/tmp/v &
sleep .2
for i in 1 2 3; do echo m$i | ip netns exec c1 nc -n -N -p 700$i 172.17.0.3 80; done
sleep .1; cat /tmp/o /tmp/v
ip netns exec c2 nc -l -n -s 1.2.3.4 85; echo $?
ip netns exec c2 nc -luv -n 53 > /tmp/o2 2>/tmp/v2 &
sleep .2
echo dns | ip netns exec c1 nc -nuv -p 5354 -w 1 172.17.0.3 53
echo dns2 | ip netns exec c1 nc -nu -w 1 172.17.0.3 53
cat /tmp/o2 /tmp/v2
ip netns exec c1 nc -nvz -w 1 172.17.0.3 70-72 80; echo $?
ip netns exec c1 nc -nvz -w 1 172.17.0.1 22; echo $?
ip netns exec c1 nc -nvzu -w 1 172.17.0.3 99; echo $?
ip netns exec c1 nc -nv -w 1 9.9.9.9 80; echo $?
ip netns exec c1 nc; ip netns exec c1 nc -z 172.17.0.3; ip netns exec c1 nc -z 172.17.0.3 99999; ip netns exec c1 nc -w x 172.17.0.3 80; ip netns exec c1 nc -lz 80; ip netns exec c1 nc -p 80 -l 172.17.0.2; ip netns exec c1 nc -k 172.17.0.3 80
