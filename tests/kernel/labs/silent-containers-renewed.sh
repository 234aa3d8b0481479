# Nobody pings: what IPv6 sends unasked teaches the bridge, and renews the entry until the pauses are too long.
ip link add br0 address 02:00:00:00:00:01 type bridge mcast_snooping 0 ageing_time 600
ip link set br0 up
for n in 1 2; do
  ip netns add c$n
  ip link add veth$n address 02:00:00:00:01:0$n type veth peer name eth0 netns c$n address 02:00:00:00:02:0$n
  ip link set veth$n master br0 up
  ip -n c$n link set eth0 up
done
ip netns exec c2 sysctl -qw net.ipv6.conf.all.disable_ipv6=1
bridge fdb show br br0 | grep 02:00:00:00:02
sleep 9
bridge fdb show br br0 | grep 02:00:00:00:02
sleep 15
bridge fdb show br br0 | grep 02:00:00:00:02
