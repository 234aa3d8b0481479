ip link add br0 address 02:42:7d:11:22:33 type bridge mcast_snooping 0
ip addr add 10.1.0.1/24 dev br0; ip link set br0 up
for i in 2 3 4; do
ip netns add c$i; ip netns exec c$i sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
ip link add veth$i address 02:00:00:00:00:0$i type veth peer name eth0 netns c$i address 02:42:0a:01:00:0$i
ip link set veth$i master br0 up
ip -n c$i link set lo up
ip -n c$i link set eth0 up
ip -n c$i addr add 10.1.0.$i/24 dev eth0
ip -n c$i route add default via 10.1.0.1
done
# options of ping as people use them
ip netns exec c2 ping -c 2 -i 0.2 -q 10.1.0.3
ip netns exec c2 ping -c 1 -s 0 10.1.0.3
ip netns exec c2 ping -c 1 -s 8 10.1.0.3
ip netns exec c2 ping -c 1 -s 1472 10.1.0.3 | tail -4
ip netns exec c2 ping -c 1 -p ff 10.1.0.3
ip netns exec c2 ping -n -c 1 10.1.0.3
ip netns exec c2 ping -c 1 -Q 0x20 10.1.0.3
ip netns exec c2 ping -c 1 -t 300 10.1.0.3
ip netns exec c2 ping -c 1 -t 0 10.1.0.3
ip netns exec c2 ping -c 0 10.1.0.3
ip netns exec c2 ping -c x 10.1.0.3
ip netns exec c2 ping -c 1 -i 0 10.1.0.3
ip netns exec c2 ping -c 1 -M foo 10.1.0.3
ip netns exec c2 ping -c 1 -W 0.2 10.1.0.99
ip netns exec c2 ping -w 1 10.1.0.3 | tail -3 | head -1
ip netns exec c2 ping -c 1 nohost
ip netns exec c2 ping
ip netns exec c2 ping -c 1 -I eth9 10.1.0.3
ip netns exec c2 ping -c 1 -I 1.2.3.4 10.1.0.3
ip netns exec c2 ping -c 1 -I lo 10.1.0.3
ip netns exec c2 ping -c 1 -e 77 10.1.0.3
ip netns exec c2 ping -c 1 10.1.3
ip netns exec c2 ping -c 1 0x0a010003
ip netns exec c2 ping -c 1 10.1.0.256
ip netns exec c2 ping -f -c 3 10.1.0.3 | tail -3 | head -1
ip netns exec c2 ping -c 1 -A 10.1.0.3 | head -2
ip netns exec c2 ping -4 -c 1 10.1.0.3 | head -1
ip -n c2 route del default
ip netns exec c2 ping -c 1 9.9.9.9; echo $?
ip netns exec c2 ping -c 1 -I eth0 9.9.9.9; echo $?
