ip netns add c3
ip -n c3 link set lo up
ip -n c3 link add eth0 type dummy
ip -n c3 addr add 192.168.0.3/24 dev eth0
ip -n c3 link set eth0 up
c3() { ip netns exec c3 "$@"; }
nc; echo "rc $?"
nc 1.2.3.4; echo "rc $?"
nc -l; echo "rc $?"
nc 1.2.3.4 abc; echo "rc $?"
nc 1.2.3.4 70000; echo "rc $?"
nc 1.2.3.4 0; echo "rc $?"
nc -n nosuch 80; echo "rc $?"
nc -l -z 80; echo "rc $?"
nc -k 80; echo "rc $?"
nc -k 1.2.3.4 80; echo "rc $?"
nc -lk; echo "rc $?"
nc -w abc 1.2.3.4 80; echo "rc $?"
nc -w -1 1.2.3.4 80; echo "rc $?"
nc -zv 127.0.0.1 80; echo "rc $?"
nc -zv 127.0.0.1 http; echo "rc $?"
nc -zv 127.0.0.1 http-80; echo "rc $?"
c3 timeout 1 /sbin/nc -l -s 1.2.3.4 -p 90; echo "rc $?"
c3 timeout 1 /sbin/nc -l -v 1.2.3.4 90; echo "rc $?"
c3 timeout 1 /sbin/nc -lnv 192.168.0.3 91; echo "rc $?"
c3 timeout 1 /sbin/nc -lnvu 91; echo "rc $?"
c3 timeout 1 /sbin/nc -lnvp 91 92; echo "rc $?"
c3 timeout 1 /sbin/nc -lnv http; echo "rc $?"
c3 timeout 1 /sbin/nc -l -w 1 91; echo "rc $?"
c3 timeout 2 /sbin/nc -v -s 1.2.3.4 192.168.0.3 80; echo "rc $?"
