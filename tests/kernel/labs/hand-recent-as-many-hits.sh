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
iptables -A FORWARD -p icmp -m recent --rcheck --name big --hitcount 25 -j LOG --log-prefix "big "
iptables -A FORWARD -p icmp -m recent --set --name big
ip netns exec a ping -q -c 14 -i 0.01 10.2.0.2 | head -4
iptables -nvL FORWARD
ip netns exec a ping -q -c 14 -i 0.01 10.2.0.2 | head -4
iptables -nvL FORWARD
iptables -A FORWARD -p icmp -m recent --rcheck --name big --hitcount 2
ip netns exec a ping -q -c 1 10.2.0.2 | head -4
iptables -nvL FORWARD
iptables -A FORWARD -p icmp -m recent --rcheck --name big --hitcount 40
ip netns exec a ping -q -c 2 -i 0.01 10.2.0.2 | head -4
iptables -nvL FORWARD
iptables -D FORWARD 2
ip netns exec a ping -q -c 2 -i 0.01 10.2.0.2 | head -4
iptables -F
iptables -A FORWARD -p icmp -m recent --rcheck --name big
ip netns exec a ping -q -c 2 -i 0.01 10.2.0.2 | head -4
iptables -A FORWARD -m recent --set --name ""; echo $?
iptables -A FORWARD -m recent --set --name ..; echo $?
iptables -A FORWARD -m recent --set --name 0123456789012345678901234567890123456789; echo $?
iptables -A FORWARD -m recent --update --seconds 0; echo $?
iptables -A FORWARD -m recent --update --rttl --seconds 9 --reap; echo $?
iptables -A FORWARD -m recent --remove --rttl; echo $?
iptables -A FORWARD -m recent ! --set --rsource --rdest; echo $?
iptables -nvL FORWARD
