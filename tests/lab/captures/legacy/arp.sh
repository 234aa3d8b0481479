ip link add docker0 address 02:42:ff:27:17:4d type bridge
ip addr add 192.168.0.1/20 dev docker0
ip link set docker0 up
arp -n; echo "rc $?"
ip neigh add 192.168.0.2 lladdr 02:42:c0:a8:00:02 dev docker0 nud stale
arp -n
arp -an
arp -e -n
arp -n 192.168.0.2
arp -a -n 192.168.0.2
arp -n 192.168.0.9; echo "rc $?"
arp -n -i docker0
arp -d 192.168.0.2; echo "rc $?"
arp -d 192.168.0.2; echo "rc $?"
ip neigh del 192.168.0.2 dev docker0
arp -s 192.168.0.5 02:00:00:00:00:0a; echo "rc $?"
arp -n
arp -an
arp -d 192.168.0.99; echo "rc $?"
ip neigh
arp -d 192.168.0.5; echo "rc $?"
ip neigh del 192.168.0.5 dev docker0
ip neigh add 192.168.0.77 dev docker0 nud failed
arp -n
arp -an
