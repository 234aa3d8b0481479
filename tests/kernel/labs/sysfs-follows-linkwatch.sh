# alone: linkwatch has looked at nothing yet
# What /sys says of links while their carriers come and go.
show() { for d in br0 v0; do echo "$1 $d $(cat /sys/class/net/$d/operstate) $(cat /sys/class/net/$d/carrier 2>&1)"; done; }
ip link add br0 address 02:00:00:00:00:01 type bridge mcast_snooping 0
ip link add v0 type veth peer name v1
ip netns add c
ip link set v1 netns c
show new
ip link set br0 up
ip addr add 10.0.0.1/24 dev br0
show up
sleep 1.5
show later
ip link set v0 master br0 up
show port
ip -n c link set v1 up
show peer
sleep 1.5
show settled
ip -n c link set v1 down
show away
sleep 1.5
show gone
ip route
ip link set br0 down
show down
cat /sys/class/net/lo/operstate /sys/class/net/lo/carrier
