ip link add br0 type bridge mcast_snooping 0
ip link set br0 up
for n in 1 2; do
  ip netns add c$n
  ip link add port$n type veth peer name eth0 netns c$n address 02:42:0a:00:00:0$n
  ip link set port$n master br0 up
  ip netns exec c$n sysctl -qw net.ipv6.conf.all.disable_ipv6=1
  ip -n c$n addr add 10.0.0.$n/24 dev eth0
  ip -n c$n link set eth0 up
done
ip netns exec c1 ping -c 1 10.0.0.2 > /dev/null
sleep 16
ip link set br0 type bridge ageing_time 500
sleep 16
ip link set br0 type bridge ageing_time 30000
bridge fdb show br br0 | grep "^02:42"; echo .
