# a bridge with an address of its own has no carrier until a port is live: routes, state, listings
# alone
sleep 1.2
ip link add br0 address 02:42:7d:11:22:33 type bridge
ip link set br0 up
ip link show br0 | head -1
sleep 0.5
ip link show br0 | head -1
sleep 1
ip link show br0 | head -1
ip link add br1 type bridge
ip link set br1 address 02:42:7d:11:22:34
ip link set br1 up
ip link show br1 | head -1
sleep 1.2
ip link show br1 | head -1
ip addr add 10.2.0.1/24 dev br1
ip route
ip addr flush dev br1
ip link add d0 type dummy
ip link set d0 master br0
ip addr add 10.1.0.1/24 dev br0
ip route
ip link set d0 up
ip link show br0 | head -1
ip route
ip link del d0
ip route
sleep 1.2
ip link show br0 | head -1
ip route
