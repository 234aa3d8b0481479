# two docker hosts with a router between, static routes, masquerade exempt for the other subnet
for n in A B R; do ip netns add $n; ip netns exec $n sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv4.ip_forward=1; ip -n $n link set lo up; done
ip link add eth0 netns A type veth peer name ra netns R
ip link add eth0 netns B type veth peer name rb netns R
ip -n A addr add 10.1.0.10/24 dev eth0
ip -n B addr add 10.2.0.10/24 dev eth0
ip -n R addr add 10.1.0.1/24 dev ra
ip -n R addr add 10.2.0.1/24 dev rb
for x in A:eth0 B:eth0 R:ra R:rb; do ip -n ${x%:*} link set ${x#*:} up; done
ip -n A route add default via 10.1.0.1
ip -n B route add default via 10.2.0.1
i=1
for h in A B; do
  ip netns exec $h sysctl -qw net.bridge.bridge-nf-call-iptables=1
  ip -n $h link add docker0 type bridge mcast_snooping 0
  ip -n $h link set docker0 up
  ip -n $h addr add 172.$((16+i)).0.1/16 dev docker0
  ip netns add p$h
  ip netns exec p$h sysctl -qw net.ipv6.conf.all.disable_ipv6=1
  ip link add v netns $h type veth peer name eth0 netns p$h
  ip -n $h link set v master docker0 up
  ip -n p$h link set eth0 up
  ip -n p$h addr add 172.$((16+i)).0.2/16 dev eth0
  ip -n p$h route add default via 172.$((16+i)).0.1
  i=$((i+1))
done
ip netns exec A iptables -t nat -A POSTROUTING -s 172.17.0.0/16 -d 172.18.0.0/16 -j RETURN
ip netns exec A iptables -t nat -A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
ip netns exec B iptables -t nat -A PREROUTING -p tcp --dport 8080 -m addrtype --dst-type LOCAL -j DNAT --to 172.18.0.2:80
ip netns exec B iptables -t raw -A PREROUTING -j TRACE
ip netns exec pB nc -lk 80 >/dev/null &
sleep 0.3
ip netns exec pA ping -c 1 -W 1 172.18.0.2
ip -n R route add 172.17.0.0/16 via 10.1.0.10
ip -n R route add 172.18.0.0/16 via 10.2.0.10
ip netns exec pA ping -c 1 -W 1 172.18.0.2
ip netns exec pA traceroute -n -q 1 -w 1 172.18.0.2 | sed 's/[0-9.]* ms/T/g'
echo 1 | ip netns exec pA nc -N -w 2 10.2.0.10 8080
ip netns exec A iptables -t nat -nvL POSTROUTING
ip netns exec A conntrack -L
ip netns exec B conntrack -L
ip netns exec R iptables -A FORWARD -p icmp -j REJECT --reject-with icmp-admin-prohibited
ip netns exec pA ping -c 1 -W 1 172.18.0.2
ip netns exec R iptables -nvL FORWARD
