ip link add d0 type veth peer name d1
ip netns add c
ip link set d1 netns c
ip addr add 10.0.0.1/24 dev d0
ip addr add 10.9.0.1/24 dev d0
ip link set d0 up
ip -n c addr add 10.0.0.2/24 dev d1
ip -n c link set d1 up
ip route add unreachable 10.5.0.0/24
ip route add prohibit 10.6.0.0/24
ip route add blackhole 10.7.0.0/24
iptables -t raw -A OUTPUT -p icmp -j TRACE
iptables -A OUTPUT -d 10.0.0.99 -j DROP
ping -c 1 -W 1 -I 10.0.0.1 10.5.0.1; echo st $?
ping -c 1 -W 1 -I 10.0.0.1 10.6.0.1; echo st $?
ping -c 1 -W 1 -I 10.0.0.1 10.7.0.1; echo st $?
ping -c 1 -W 1 -I 10.0.0.1 8.8.8.8; echo st $?
ping -c 2 -W 1 -I 10.0.0.1 10.0.0.255; echo st $?
ping -c 1 -W 1 -b -I 10.0.0.1 10.0.0.255; echo st $?
ping -c 1 -W 1 -I 10.9.0.1 10.0.0.2; echo st $?
ping -c 1 -W 1 -I 10.0.0.1 224.0.0.1; echo st $?
ping -c 1 -W 1 -I 10.0.0.1 -M do -s 2000 10.0.0.2; echo st $?
ping -c 1 -W 1 -I 10.0.0.1 10.0.0.99; echo st $?
ping -c 1 -W 1 -I lo 10.0.0.2; echo st $?
ping -c 1 -W 4 -I d0 10.5.0.1; echo st $?
ping -c 1 -W 1 -I d0 10.0.0.1; echo st $?
ping -c 1 -W 1 -I lo 10.0.0.1; echo st $?
ping -c 1 -W 1 -I lo 127.0.0.1; echo st $?
ping -c 1 -W 1 -I d0 127.0.0.1; echo st $?
ping -c 1 -W 1 -I 127.0.0.1 10.0.0.1; echo st $?
ping -c 1 -W 1 -I d9 10.0.0.2; echo st $?
ping -c 1 -W 1 -I 10.0.0.1 -t 1 10.0.0.2; echo st $?
ping -c 1 -W 1 -I 10.0.0.1 0.0.0.0; echo st $?
ping -c 1 -W 1 0; echo st $?
ping -c 1 -W 1 10.1; echo st $?
sysctl -qw net.ipv4.conf.d0.route_localnet=1
ping -c 1 -W 1 -I 127.0.0.1 10.0.0.2; echo st $?
ping -V
ping -c 2 -l 2 10.0.0.2
ping -c 3 -l 3 -i 0.2 10.0.0.2
ping -c 1 -a 10.0.0.2
ping -c 1 -L 224.0.0.1
ping -c 1 -B 10.0.0.2
ping -c 1 -d 10.0.0.2
ping -c 1 -n -4 10.0.0.2
ping -c 1 -S 1000 10.0.0.2
