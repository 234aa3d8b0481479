quiet() { ip netns exec $1 sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1; }
ip link add br0 address 02:42:7d:11:22:33 type bridge mcast_snooping 0; ip addr add 172.18.0.1/16 dev br0; ip link set br0 up
for i in 2 3 4; do
  ip netns add c$i; quiet c$i
  ip link add veth$i address 02:00:00:00:00:0$i type veth peer name eth0 netns c$i address 02:42:ac:12:00:0$i
  ip link set veth$i master br0 up
  ip -n c$i link set lo up; ip -n c$i link set eth0 up
  ip -n c$i addr add 172.18.0.$i/16 dev eth0
  ip -n c$i route add default via 172.18.0.1
done
# What the forwarding table shows, in all forms.
ip netns exec c2 ping -c 1 -q 172.18.0.3 > /dev/null
bridge fdb show br br0
bridge fdb show br0 | grep br0
bridge fdb show dev veth2
bridge fdb show brport veth3
bridge fdb add 02:aa:aa:aa:aa:01 dev veth4 master static
bridge fdb add 02:aa:aa:aa:aa:02 dev veth4 master permanent
bridge fdb add 02:aa:aa:aa:aa:03 dev veth4 master dynamic
bridge fdb add 02:aa:aa:aa:aa:03 dev veth4 master dynamic; echo $?
bridge fdb replace 02:aa:aa:aa:aa:03 dev veth3 master static; echo $?
bridge fdb append 02:aa:aa:aa:aa:04 dev veth3 master; echo $?
bridge fdb del 02:aa:aa:aa:aa:01 dev veth3 master; echo $?
bridge fdb del 02:aa:aa:aa:aa:01 dev veth4 master; echo $?
bridge fdb get 02:aa:aa:aa:aa:03 br br0; echo $?
bridge fdb get 02:aa:aa:aa:aa:09 br br0; echo $?
bridge fdb show br br0 state permanent
bridge fdb show br br0 dynamic
bridge fdb flush dev veth3 master; echo $?
bridge fdb show br br0 | grep -v permanent
bridge fdb add 02:aa:aa:aa:aa:05 dev eth9 master; echo $?
bridge fdb add zz dev veth3 master; echo $?
bridge fdb add 01:00:5e:00:00:01 dev veth3 master; echo $?
bridge -br link show
bridge link show dev veth2
bridge link
bridge link set dev veth2 learning off flood off
bridge link set dev veth9 learning off; echo $?
bridge link set dev eth0 learning off; echo $?
bridge -d link show dev veth2
