# A router that clamps the MSS only where it is too large, and counts what the match says.
ip netns add c
ip netns add s
ip link add vc type veth peer name eth0 netns c
ip link add vs type veth peer name eth0 netns s
ip addr add 10.0.1.1/24 dev vc
ip addr add 10.0.2.1/24 dev vs
ip link set vc up
ip link set vs mtu 1400 up
ip -n c link set eth0 up
ip -n s link set eth0 mtu 1400 up
ip -n c addr add 10.0.1.2/24 dev eth0
ip -n s addr add 10.0.2.2/24 dev eth0
ip -n c route add default via 10.0.1.1
ip -n s route add default via 10.0.2.1
iptables -A FORWARD -p icmp -m tcpmss --mss 1
iptables -A FORWARD -p tcp -m tcpmss
iptables -A FORWARD -p tcp -m tcpmss --mss 70000
iptables -A FORWARD -p tcp -m tcpmss --mss 1360
iptables -A FORWARD -p tcp -m tcpmss --mss 1361:65535
iptables -A FORWARD -p tcp -m tcpmss ! --mss 1361:65535
iptables -A FORWARD -p tcp -m tcpmss --mss :1360
iptables -A FORWARD -p tcp -m tcpmss ! --mss 1460
iptables -t mangle -A FORWARD -p tcp --tcp-flags SYN,RST SYN -m tcpmss --mss 1361:65535 -j TCPMSS --set-mss 1000
iptables -t mangle -A POSTROUTING -p tcp --syn -m tcpmss --mss 1000 -j LOG --log-prefix "clamped "
ip netns exec s nc -l -p 80 > /dev/null &
sleep 0.2
(sleep 0.2; echo hello) | ip netns exec c nc -N -w 2 10.0.2.2 80
echo $?
iptables -nvL FORWARD --line-numbers
iptables -L FORWARD
iptables -t mangle -nvL
iptables-save -c
