quiet() { ip netns exec $1 sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1; }
# Two bridges in two namespaces joined by a veth pair; host on one, a far host behind the other.
ip netns add sw; quiet sw; ip netns add far; quiet far
ip link add br0 address 02:11:00:00:00:01 type bridge mcast_snooping 0; ip link set br0 up; ip addr add 10.5.0.1/24 dev br0
ip -n sw link add br1 address 02:11:00:00:00:02 type bridge mcast_snooping 0; ip -n sw link set br1 up
ip link add t0 address 02:11:00:00:00:03 type veth peer name t1 netns sw address 02:11:00:00:00:04
ip link set t0 master br0 up; ip -n sw link set t1 master br1 up
ip -n sw link add p1 address 02:11:00:00:00:05 type veth peer name eth0 netns far address 02:11:00:00:00:06
ip -n sw link set p1 master br1 up; ip -n far link set eth0 up; ip -n far addr add 10.5.0.2/24 dev eth0
for n in "" "ip netns exec sw"; do
$n ebtables -t filter -A FORWARD --log-level 6 --log-ip --log-arp --log-prefix "F" -j CONTINUE
$n ebtables -t filter -A INPUT --log-level 6 --log-ip --log-arp --log-prefix "I" -j CONTINUE
$n ebtables -t filter -A OUTPUT --log-level 6 --log-ip --log-arp --log-prefix "O" -j CONTINUE
$n ebtables -t nat -A POSTROUTING --log-level 6 --log-ip --log-arp --log-prefix "P" -j CONTINUE
$n iptables -t raw -A PREROUTING -j TRACE
$n iptables -A FORWARD -j ACCEPT
done
ip netns exec sw sysctl net.bridge.bridge-nf-call-iptables
ip netns exec far ping -c 1 10.5.0.1
ip netns exec sw sysctl -w net.bridge.bridge-nf-call-iptables=0
ping -c 1 -s 1000 10.5.0.2
ping -c 1 -W 1 10.5.0.77
bridge fdb show br br0 | sort
bridge -n sw fdb show br br1 | sort
ip -n sw -br link
ip -br addr
