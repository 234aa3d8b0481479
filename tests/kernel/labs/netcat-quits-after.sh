# With -q netcat lets go of the network at the end of its input, and ends when the seconds are over.
ip netns add a
ip link add v1 type veth peer name e0 netns a
ip addr add 10.1.0.1/24 dev v1
ip link set v1 up
ip -n a link set lo up
ip -n a addr add 10.1.0.2/24 dev e0
ip -n a link set e0 up
iptables -A INPUT -p tcp -j LOG --log-prefix "i "
iptables -A OUTPUT -p tcp -j LOG --log-prefix "o "
(sleep 0.3; echo q) | nc -q 2 -l 101 > /tmp/o &
sleep 0.2
ip netns exec a sh -c "(sleep 0.8; echo r; sleep 0.5; echo r2) | nc -p 2001 10.1.0.1 101"
echo "rc $?"
wait
cat /tmp/o
(sleep 0.3; echo q; sleep 0.6) | nc -q 1 -l 102 > /tmp/o &
sleep 0.2
ip netns exec a sh -c "(sleep 0.6; echo r; sleep 0.8; echo r2) | nc -p 2002 10.1.0.1 102"
echo "rc $?"
wait
cat /tmp/o
nc -q 1 -l 103 < /dev/null > /tmp/o &
sleep 0.2
ip netns exec a sh -c "(sleep 0.3; echo r; sleep 0.5; echo r2) | nc -p 2003 10.1.0.1 103"
echo "rc $?"
wait
cat /tmp/o
(sleep 1.5; echo y) | nc -l 104 > /tmp/o &
sleep 0.2
ip netns exec a sh -c "(sleep 0.2; echo x) | nc -q 1 -p 2004 10.1.0.1 104"
echo "rc $?"
wait
cat /tmp/o
