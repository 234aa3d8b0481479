# counters of links after traffic
ip link add br0 address 02:42:7d:11:22:33 type bridge mcast_snooping 0; ip link set br0 up; ip addr add 10.1.0.1/24 dev br0
for i in 2 3; do ip netns add c$i; ip netns exec c$i sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
ip link add veth$i address 02:00:00:00:00:0$i type veth peer name eth0 netns c$i address 02:42:0a:01:00:0$i; ip link set veth$i up master br0
ip -n c$i link set lo up; ip -n c$i link set eth0 up; ip -n c$i addr add 10.1.0.$i/24 dev eth0; done
ip netns exec c2 ping -c 3 -i 0.2 10.1.0.1 > /dev/null; ip netns exec c2 ping -c 2 -i 0.2 -s 1400 10.1.0.3 > /dev/null; ping -c 1 127.0.0.1 > /dev/null; ping -c 1 -s 5000 10.1.0.2 >/dev/null
ip -s link; ip -n c2 -s link show eth0; ip -s addr show br0; ip -s -o link show veth3; ip -n c3 -s -4 addr show eth0
for f in rx_packets tx_packets rx_bytes; do cat /sys/class/net/veth2/statistics/$f; done
bridge vlan; ip neigh add proxy 10.1.0.7 dev br0; ip neigh show proxy; ip neigh del proxy 10.1.0.7 dev br0; ip neigh show proxy
ip route get 10.1.0.2 uid 1000; ip route get 10.1.0.2 tos 8; ip r l t main; ip r s proto kernel; ip ru ls; ip n s d br0; ip a s br0 | head -1; ip l l up | grep -c mtu
