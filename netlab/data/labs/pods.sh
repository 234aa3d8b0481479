# A node with three pods of a service and one that asks, all on the bridge cbr0, and a machine `out` at the end of eth0.
ip link add cbr0 type bridge
ip addr add 10.244.0.1/24 dev cbr0
ip link set cbr0 up
for n in 2 3 4 9; do
  ip netns add pod$n
  ip link add port$n type veth peer name eth0 netns pod$n
  ip link set port$n master cbr0 up
  bridge link set dev port$n hairpin on
  ip -n pod$n addr add 10.244.0.$n/24 dev eth0
  ip -n pod$n link set eth0 up
  ip -n pod$n route add default via 10.244.0.1
done
ip netns add out
ip link add eth0 type veth peer name eth0 netns out
ip addr add 192.0.2.1/24 dev eth0
ip -n out addr add 192.0.2.9/24 dev eth0
ip link set eth0 up
ip -n out link set eth0 up
ip route add default via 192.0.2.9
