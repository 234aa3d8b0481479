# bridge inside a namespace, host unaware; nested namespaces link
ip netns add sw; ip netns add a; ip netns add b
ip -n sw link add br0 type bridge mcast_snooping 0
for n in sw a b; do ip netns exec $n sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1; done
ip -n sw link set br0 up
for n in a b; do
  ip link add p$n netns sw type veth peer name eth0 netns $n
  ip -n sw link set p$n master br0
  ip -n sw link set p$n up
  ip -n $n link set eth0 up
done
ip -n a addr add 192.168.1.1/24 dev eth0
ip -n b addr add 192.168.1.2/24 dev eth0
ip netns exec sw ebtables -A FORWARD --log --log-prefix "sw" --log-arp
ip netns exec sw iptables -A FORWARD -j LOG --log-prefix "swip "
ip netns exec a ping -c 1 192.168.1.2
ip netns exec sw sysctl net.bridge.bridge-nf-call-iptables
ip netns exec sw sysctl -w net.bridge.bridge-nf-call-iptables=0
ip netns exec a ping -c 1 192.168.1.2
ip netns exec sw bridge fdb show dynamic | wc -l
ip netns exec sw ebtables -L --Lc
ip netns exec sw iptables -nvL FORWARD
ebtables -L; iptables -S
ip netns exec sw ip netns list
ip netns identify
