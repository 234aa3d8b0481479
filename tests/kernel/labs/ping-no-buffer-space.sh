ip netns add c
ip link add d0 type veth peer name d1 netns c
ip addr add 10.0.0.1/24 dev d0
ip link set d0 up
ip -n c addr add 10.0.0.2/24 dev d1
ip -n c link set d1 mtu 1000 up
ping -c 1 -W 1 10.0.0.2
ping -c 2 -W 1 -s 1200 10.0.0.2
echo st $?
ping -c 2 -W 1 -s 4000 10.0.0.2
echo st $?
ip -s link show d0
ip -n c -s link show d1
printf "%01200d" 1 | nc -u -w 1 10.0.0.2 99
echo st $?
