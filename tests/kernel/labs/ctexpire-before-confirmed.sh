# An entry that is not confirmed yet seems to have minutes to live, whatever its timeout is.
ip netns add c
ip link add d0 type veth peer name eth0 netns c
ip addr add 10.0.0.1/24 dev d0
ip link set d0 up
ip -n c link set eth0 up
ip -n c addr add 10.0.0.2/24 dev eth0
iptables -A OUTPUT -p icmp -m conntrack --ctexpire 0:31
iptables -A OUTPUT -p icmp -m conntrack --ctexpire 32:299
iptables -A OUTPUT -p icmp -m conntrack --ctexpire 300:100000
iptables -t mangle -A POSTROUTING -p icmp -m conntrack --ctexpire 0:31
ping -c 3 -i 0.3 10.0.0.2 > /dev/null
iptables -nvL OUTPUT
iptables -t mangle -nvL POSTROUTING
