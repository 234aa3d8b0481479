# An open connection survives an ICMP error and remembers it: the program that asks is told once.
ip netns add c
ip link add d0 type veth peer name eth0 netns c
ip addr add 10.0.0.1/24 dev d0
ip link set d0 up
ip -n c link set eth0 up
ip -n c addr add 10.0.0.2/24 dev eth0
ip netns exec c nc -k -l -p 80 > /dev/null &
sleep 0.2
iptables -A OUTPUT -p tcp -j LOG
for how in icmp-port-unreachable icmp-host-unreachable icmp-admin-prohibited icmp-proto-unreachable icmp-net-unreachable tcp-reset; do
  iptables -A OUTPUT -p tcp --dport 80 -m conntrack ! --ctstate NEW -j REJECT --reject-with $how
  nc -zv -w 2 10.0.0.2 80
  echo $how $?
  sleep 1.1
  iptables -D OUTPUT 2
  conntrack -F > /dev/null 2>&1
  sleep 1.2
done
