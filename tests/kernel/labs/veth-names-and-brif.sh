ip netns add a
ip link add veth0 type veth
ip link show | grep veth | cut -d' ' -f1-3
ip link add veth1 type veth
ip link show | grep veth | cut -d' ' -f1-3
ip link add veth2 type veth
ip link show | grep veth | cut -d' ' -f1-3
ip link add foo type veth
ip link show | grep "veth" | cut -d' ' -f1-3
ip link add type veth peer name bar
ip link show | grep "veth" | cut -d' ' -f1-3
ip link add foo2 type veth peer netns a
ip link add type veth peer netns a
ip link show | grep "veth" | cut -d' ' -f1-3
ip -n a link show | grep "veth" | cut -d' ' -f1-3
ip link add type bridge
ip link add type dummy
ip link add bridge1 type bridge
ip link add type bridge
ip link show | grep ": [bd]" | cut -d' ' -f1-3
ip link add br5 type bridge
ip link add p1 type veth peer name p2
ip link set p1 master bridge0
ip link set p2 master bridge0
ip link set p1 up
ip link set p2 up
bridge link
cat /sys/class/net/bridge0/brif/p1/path_cost
cat /sys/class/net/bridge0/brif/p1/hairpin_mode
echo 1 > /sys/class/net/bridge0/brif/p1/hairpin_mode
cat /sys/class/net/p1/brport/hairpin_mode
cat /sys/class/net/bridge0/brif/nope/hairpin_mode
echo 2 > /sys/class/net/bridge0/brif/p1/hairpin_mode
cat /sys/class/net/p1/brport/hairpin_mode
bridge link show master bridge0
ip link show master bridge0 | grep -v ether
ip link show type bridge_slave | grep -v ether
ip link show type bridge | grep -v ether
ip -br link show type veth | sed 's/ [0-9a-f:]* </ </'
cat /sys/class/net/bridge0/bridge/nf_call_arptables
echo 1 > /sys/class/net/bridge0/bridge/nf_call_arptables
cat /sys/class/net/bridge0/bridge/nf_call_arptables
