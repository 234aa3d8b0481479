# alone: its timers outlive it
# Data that the host's own rules refuse has not been sent: it is tried again with PSH, by the clock of a window probe.
ip netns add c
ip link add d0 type veth peer name eth0 netns c
ip addr add 10.0.0.1/24 dev d0
ip link set d0 up
ip -n c link set eth0 up
ip -n c addr add 10.0.0.2/24 dev eth0
ip netns exec c nc -k -l -p 80 > /dev/null &
sleep 0.2
iptables -A OUTPUT -p tcp -j LOG
(sleep 0.5; echo hello; sleep 4) | nc -N -w 6 10.0.0.2 80 &
sleep 0.3
iptables -A OUTPUT -p tcp -j REJECT
for n in 1 2 3 4 5 6; do sleep 0.5; iptables -nvL OUTPUT | tail -1 | awk '{print $1, $2}'; done
iptables -D OUTPUT 2
sleep 3
conntrack -L 2>/dev/null
iptables -nvL OUTPUT
