# A client that cannot connect lets go of its source port.
ip netns add c
ip link add d0 type veth peer name eth0 netns c
ip addr add 10.0.0.1/24 dev d0
ip link set d0 up
ip -n c link set eth0 up
ip -n c addr add 10.0.0.2/24 dev eth0
ip route add prohibit 10.6.0.0/24
for n in 1 2; do
  echo hi | nc -u -p 4000 -w 1 10.9.0.1 53; echo $?
  echo hi | nc -p 4000 -w 1 10.9.0.1 53; echo $?
  echo hi | nc -v -p 4000 -w 1 10.6.0.1 53; echo $?
  echo hi | nc -uv -p 4000 -w 1 10.6.0.1 53; echo $?
  echo hi | nc -p 4000 -w 1 10.0.0.2 53; echo $?
  echo hi | nc -u -p 4000 -w 1 10.0.0.2 53; echo $?
  echo hi | nc -v -p 4000 -w 1 10.0.0.1 53; echo $?
done
nc -s 10.0.0.77 -p 4000 10.0.0.2 53; echo $?
nc -s 10.0.0.1 -p 4000 10.0.0.2 53; echo $?
ip netns exec c nc -l -p 80 &
sleep 0.2
echo hi | nc -N -s 10.0.0.1 -p 4000 10.0.0.2 80; echo $?
echo hi | nc -N -s 10.0.0.1 -p 4000 10.0.0.2 80; echo $?
conntrack -L 2>/dev/null | sort
