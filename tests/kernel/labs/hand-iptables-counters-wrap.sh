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
iptables -A FORWARD -c 99998 99998 -p icmp
iptables -A FORWARD -c 99999 9999499 -p icmp
iptables -A FORWARD -c 9999500 9999999999 -p icmp
iptables -A FORWARD -c 18446744073709551615 18446744073709551600 -p icmp
iptables -A FORWARD -c 1,2 -p udp
iptables -A FORWARD -c 1,2 3 -p udp; echo $?
iptables -A FORWARD -c 5 -p udp; echo $?
iptables -A FORWARD -c x y -p udp; echo $?
iptables -A FORWARD -c 5 y -p udp; echo $?
iptables -A FORWARD --set-counters=7,8 -p tcp; echo $?
iptables -D FORWARD -c 1 2 -p udp; echo $?
iptables -Z FORWARD -c 1 2; echo $?
iptables -P FORWARD ACCEPT -c 100 200
iptables -nvL FORWARD
iptables -nvxL FORWARD
ip netns exec a ping -c 1 10.2.0.2
iptables -nvL FORWARD
iptables -nvxL FORWARD
iptables -L FORWARD -v -n -x --line-numbers
iptables -S FORWARD -v
iptables-save -c -t filter
iptables -L -Z FORWARD; echo $?
iptables -L FORWARD -Z -v
iptables -Z -S FORWARD
iptables -nvL FORWARD
iptables -Z -L OUTPUT -n
iptables -L FORWARD 2 -Z; echo $?
iptables -L -n -v -x -t nat
iptables -t nat -L PREROUTING -nv
iptables -t mangle -S POSTROUTING -v
iptables -vL -n FORWARD 3
iptables -nL FORWARD --line-numbers -x
