p() { echo "\$ $*"; "$@"; r=$?; [ $r = 0 ] || echo "rc=$r"; }
p iptables -A INPUT -j ACCEPT -j DROP
p iptables -D INPUT 5
p iptables -P INPUT REJECT
p iptables -L -Z FOO BAR
p iptables -A INPUT -i
p iptables -A
p iptables -A INPUT -m state --state FOO
p iptables -t nat -A POSTROUTING -j DNAT --to 1.2.3.4
p iptables -A INPUT -j LOG --log-level 9
p iptables -N a-very-long-chain-name-of-more-than-28-chars
p iptables -A INPUT -p tcp --syn=3
p ebtables -A FORWARD -i
p ebtables -A FORWARD -p ipv4 --ip-proto
p ebtables -A FORWARD -p ipv4 --ip-proto nosuch -j ACCEPT
p ebtables -A FORWARD --ip-proto 1 -j ACCEPT
p ebtables -A FORWARD -j FORWARD
p ip netns exec
p ip netns exec nosuch
p ip netns exec nosuch true
p ip link add v1 type veth peer name v2
p ip link set v1 address zz
p ip link set v1 address 02:42
p ip link set v1 address 02:42:00:00:00:00:09
p ip link set v1 mtu 67
p ip link set v1 mtu 65536
p ip link set v1 mtu 65535
p ip neigh add 10.0.0.5 lladdr zz dev v1
p ip neigh add 10.0.0.5 lladdr 02:42 dev v1
p ping -c 1 -t 0 127.0.0.1
p ping -c 1 -t 256 127.0.0.1
p ping -c 1 -t -3 127.0.0.1
