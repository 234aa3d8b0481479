# a narrow container on a wide bridge, conntrack on: what is put together is cut again, and how
ip link add br0 address 02:42:7d:11:22:33 type bridge mcast_snooping 0; ip link set br0 up; ip addr add 10.1.0.1/24 dev br0
for i in 2 3 4; do ip netns add c$i; ip netns exec c$i sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
ip link add veth$i address 02:00:00:00:00:0$i type veth peer name eth0 netns c$i address 02:42:0a:01:00:0$i; ip link set veth$i up master br0
ip -n c$i link set lo up; ip -n c$i link set eth0 up; ip -n c$i addr add 10.1.0.$i/24 dev eth0; done
iptables -A FORWARD -m state --state NEW,ESTABLISHED -j LOG --log-prefix "fw "
iptables -A INPUT -j LOG --log-prefix "in "
for i in 2 3 4; do ip netns exec c$i iptables -t raw -A PREROUTING -j LOG --log-prefix "c$i "; done
ip -n c2 link set eth0 mtu 600
ip netns exec c2 ping -c 1 -W 1 -s 1000 10.1.0.3
ip netns exec c2 ping -c 1 -W 1 -s 1000 10.1.0.1
ip link set veth2 mtu 600; ip link show br0 | head -1
ip netns exec c2 ping -c 1 -W 1 -s 1000 10.1.0.3
ip netns exec c3 ping -c 1 -W 1 -s 1000 10.1.0.2
ip netns exec c3 ping -c 1 -W 1 -s 1000 -M do 10.1.0.2
ip netns exec c3 ping -c 1 -W 1 -s 1000 10.1.0.4
ip netns exec c3 ping -c 1 -W 1 -s 2000 10.1.0.4
ping -c 1 -W 1 -s 1000 10.1.0.4
ip link set br0 mtu 1500; ip link show br0 | head -1
ip netns exec c3 ping -c 1 -W 1 -s 1000 10.1.0.2
ip netns exec c3 ping -c 1 -W 1 -s 2000 10.1.0.4
ip link set veth2 mtu 1400; ip link show br0 | head -1
ip link del veth2; ip link show br0 | head -1
iptables -nvL FORWARD
