ip netns add a
ip netns add b
ip link add va type veth peer name eth0 netns a address 02:00:00:00:0a:02
ip link add vb type veth peer name eth0 netns b address 02:00:00:00:0b:02
ip link set va address 02:00:00:00:0a:01 up
ip link set vb address 02:00:00:00:0b:01 up
ip addr add 10.1.0.1/24 dev va
ip addr add 10.2.0.1/24 dev vb
ip -n a link set eth0 up
ip -n b link set eth0 up
ip -n a addr add 10.1.0.2/24 dev eth0
ip -n b addr add 10.2.0.2/24 dev eth0
ip -n a route add default via 10.1.0.1
ip -n b route add default via 10.2.0.1
iptables -A FORWARD -m limit
iptables -A FORWARD -m limit --limit 5
iptables -A FORWARD -m limit --limit 5/sec --limit-burst 1
iptables -A FORWARD -m limit --limit 90/minute --limit-burst 2
iptables -A FORWARD -m limit --limit 24/d --limit-burst 3
iptables -A FORWARD -m limit --limit 60/h
iptables -A FORWARD -m limit --limit 3600/hour
iptables -A FORWARD -m limit --limit 10000/s
iptables -A FORWARD -m limit --limit 7/m --limit-burst 10000
iptables -A FORWARD -m limit --limit 86400/day
iptables -A FORWARD -m limit --limit 3/s
iptables -A FORWARD -m limit --limit 10001/s; echo $?
iptables -A FORWARD -m limit --limit 0/s; echo $?
iptables -A FORWARD -m limit --limit 1/week; echo $?
iptables -A FORWARD -m limit --limit -1/s; echo $?
iptables -A FORWARD -m limit --limit 1/; echo $?
iptables -A FORWARD -m limit --limit 1/s --limit-burst 10001; echo $?
iptables -A FORWARD -m limit --limit 1/s --limit-burst 0; echo $?
iptables -A FORWARD -m limit ! --limit 1/s; echo $?
iptables -A FORWARD -m limit --limit 2/d; echo $?
iptables -A FORWARD -m limit --limit 1/d --limit-burst 10000; echo $?
ip netns exec a ping -c 4 -i 0.5 10.2.0.2
iptables -nvL FORWARD --line-numbers
iptables -R FORWARD 3 -m limit --limit 5/sec --limit-burst 1
ip netns exec a ping -c 1 10.2.0.2
iptables -Z FORWARD
ip netns exec a ping -c 1 10.2.0.2
iptables -S FORWARD -v
