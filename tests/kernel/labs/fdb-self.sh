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
# bridge with self entries and details
bridge fdb add 02:42:0a:01:00:06 dev veth3 self
bridge fdb add 02:42:0a:01:00:05 dev veth3
bridge fdb add 02:42:0a:01:00:05 dev veth3
bridge fdb add 02:42:0a:01:00:04 dev veth3 self static
bridge fdb add 01:00:5e:01:02:03 dev veth3
bridge fdb add 02:42:0a:01:00:44 dev br0
bridge fdb add 02:42:0a:01:00:45 dev br0 self
bridge fdb add 02:42:0a:01:00:46 dev br0 self local
bridge fdb show | grep -v 33:33
bridge fdb del 02:42:0a:01:00:06 dev veth3 self
bridge fdb del 02:42:0a:01:00:06 dev veth3
bridge fdb del 02:42:0a:01:00:05 dev veth3
bridge fdb show dev veth3
bridge fdb show brport veth3 | wc -l
bridge fdb show br br0 dynamic
bridge fdb show state permanent | wc -l
bridge fdb show state static | wc -l
bridge vlan
bridge vlan show dev veth2
ip -n c2 link set eth0 address 02:42:0a:01:00:46
ip netns exec c3 ping -c 1 -W 1 10.1.0.2
ip neigh add proxy 10.1.0.200 dev br0
ip neigh show proxy
ip netns exec c3 ping -c 1 -W 2 10.1.0.200
ip neigh del proxy 10.1.0.200 dev br0
ip -s link show veth3 | sed 's/^ *//'
ip -n c3 -s link show lo
ip link set dev veth4 down
bridge link | cut -d' ' -f1-3,10-
ip link show veth4 | head -1
ip link show type veth | grep -c UP
ip link show up | grep -c mtu
ip link show master br0 | grep -c veth
