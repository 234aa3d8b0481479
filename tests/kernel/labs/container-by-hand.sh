# a container made step by step, the old way, IPv6 left on
ip link add name docker0 type bridge
ip link set dev docker0 address 02:42:00:00:00:01
ip link set docker0 type bridge mcast_snooping 0
ip link set dev docker0 up
ip addr add dev docker0 172.17.0.1/16 broadcast 172.17.255.255
ip netns add web
ip link add vethA type veth peer name vethB
ip link set vethA address 02:42:00:00:00:0a
ip link set vethB address 02:42:00:00:00:0b
ip link set vethB netns web
ip netns exec web ip link set vethB name eth0
ip netns exec web ip addr add 172.17.0.2/16 dev eth0
ip netns exec web ip link set lo up
ip netns exec web ip link set eth0 up
ip netns exec web ip route add default via 172.17.0.1 dev eth0
ip link set vethA master docker0
ip link set vethA up
ip addr show docker0; ip netns exec web ip -4 addr; ip netns exec web ip route
ip netns exec web ping -c 1 172.17.0.1
ping -c 1 172.17.0.2
ip netns exec web ip link set eth0 name lan0
ip netns exec web ip link set eth0 down
ip netns exec web ip link set eth0 name lan0
ip netns exec web ip link set lan0 up
ip netns exec web ip -4 addr show lan0; ip netns exec web ip route
ip netns exec web ping -c 1 -W 1 172.17.0.1
ip netns exec web ip link
ip -n web link
ip netns del web; sleep 1
ip link show vethA
ip link del docker0; ip -br link
