# an L2 firewall with user chains: order, policies, jump depth, RETURN, change of policy, counters
ip link add br0 address 02:00:00:00:01:00 type bridge mcast_snooping 0
ip addr add 10.1.0.1/24 dev br0
ip link set br0 up
for i in 2 3 4; do
ip netns add s$i
ip link add p$i type veth peer name eth0 netns s$i address 02:00:00:00:00:0$i
ip link set p$i master br0 up
ip netns exec s$i sysctl -qw net.ipv6.conf.all.disable_ipv6=1
ip -n s$i link set eth0 up
ip -n s$i addr add 10.1.0.$i/24 dev eth0
done
ebtables -N IN2; ebtables -N ARPOK; ebtables -P ARPOK RETURN; ebtables -P IN2 DROP
ebtables -A FORWARD -i p2 -j IN2
ebtables -A FORWARD -i p4 --log-level 6 --log-ip --log-prefix "p4" -j DROP
ebtables -A INPUT -p IPv4 --ip-proto udp -j DROP
ebtables -A IN2 -p ARP -j ARPOK
ebtables -A IN2 -p IPv4 --ip-proto icmp --ip-dst 10.1.0.3 -j ACCEPT
ebtables -A IN2 -p IPv4 --log-level 6 --log-ip --log-prefix "in2-end"
ebtables -A ARPOK -p ARP --arp-ip-src 10.1.0.2 --arp-mac-src 02:00:00:00:00:02 -j ACCEPT
ebtables -A ARPOK --log-level 6 --log-arp --log-prefix "bad-arp" -j DROP
ip netns exec s2 ping -c 1 -W 1 10.1.0.3
ip netns exec s2 ping -c 1 -W 1 10.1.0.4
ip netns exec s2 ping -c 1 -W 1 10.1.0.1
ip netns exec s3 ping -c 1 -W 1 10.1.0.2
ip -n s2 addr add 10.1.0.22/24 dev eth0
ip netns exec s2 ping -c 1 -W 1 -I 10.1.0.22 10.1.0.3
ip netns exec s2 sh -c 'echo x | nc -u -w 1 10.1.0.3 9'
ebtables -L --Lc --Ln
ebtables -P FORWARD DROP
ebtables -I FORWARD 1 -p ARP -j ACCEPT
ip netns exec s3 ping -c 1 -W 1 10.1.0.2
ebtables -E IN2 FROM2
ebtables -D FORWARD -i p4 --log-level 6 --log-ip --log-prefix "p4" -j DROP
ebtables -X FROM2
ebtables -L --Lc
ebtables -t filter -Z FORWARD
ebtables -L FORWARD --Lc
ebtables -F; ebtables -X
ebtables -L
