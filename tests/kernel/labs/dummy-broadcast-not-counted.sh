ip link add d0 type dummy
ip link set d0 up
ip addr add 10.5.0.1/24 dev d0
ip addr add 10.5.0.2/24 dev d0
ip addr add 10.6.0.1/32 dev lo
iptables -t raw -A OUTPUT -p icmp -j TRACE
iptables -A OUTPUT -o d0 -j LOG --log-prefix "d0 "
ping -c 1 10.5.0.1
ping -c 1 -I 10.5.0.2 10.6.0.1
ping -c 2 -i 0.2 -W 1 10.5.0.9
ping -c 1 -W 1 -I d0 10.5.0.9
ping -b -c 1 -W 1 10.5.0.255
ip -s link show d0
ip neigh
ip route get 10.5.0.9
ip route get 10.6.0.1
ip route show table local
nc -lk 10.6.0.1 80 > /dev/null &
sleep 0.2
echo 1 | nc -N -v 10.6.0.1 80
echo 1 | nc -N -v 10.5.0.1 80
echo 1 | nc -N -v -s 10.5.0.2 10.6.0.1 80
ip link set d0 down
ip route
ping -c 1 -W 1 10.5.0.1
ping -c 1 -W 1 10.5.0.9
ip link set d0 up
ip route
ip link del d0
ping -c 1 -W 1 10.5.0.1
ip addr
iptables -nvL OUTPUT
