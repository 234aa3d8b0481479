# ARP: proxy, answer from ebtables, spoofing guard, gratuitous; who-has for an address on lo; arp_ignore
ip link add br0 address 02:00:00:00:01:00 type bridge mcast_snooping 0
ip addr add 10.1.0.1/24 dev br0
ip link set br0 up
for i in 2 3; do
ip netns add s$i
ip link add p$i type veth peer name eth0 netns s$i address 02:00:00:00:00:0$i
ip link set p$i master br0 up
ip netns exec s$i sysctl -qw net.ipv6.conf.all.disable_ipv6=1
ip -n s$i link set lo up
ip -n s$i link set eth0 up
ip -n s$i addr add 10.1.0.$i/24 dev eth0
done
ebtables -t nat -A PREROUTING -p ARP --log-level 6 --log-arp --log-prefix "pre" -j CONTINUE
ebtables -t nat -A PREROUTING -p ARP --arp-opcode Request --arp-ip-dst 10.1.0.50 -j arpreply --arpreply-mac 02:00:00:00:00:50
ebtables -A FORWARD -p ARP -i p2 --arp-ip-src ! 10.1.0.2 -j DROP
ip netns exec s2 ping -c 1 -W 1 10.1.0.50
ip -n s2 neigh show 10.1.0.50
ip -n s3 addr add 10.9.9.9/32 dev lo
ip -n s2 route add 10.9.9.9/32 dev eth0
ip netns exec s2 ping -c 1 -W 1 10.9.9.9
ip netns exec s3 sysctl -w net.ipv4.conf.all.arp_ignore=1
ip -n s2 neigh flush all
ip netns exec s2 ping -c 1 -W 1 10.9.9.9
ip netns exec s2 ping -c 1 -W 1 10.1.0.3
ip addr add 10.5.0.1/24 dev lo
ip -n s2 route add 10.5.0.0/24 dev eth0
ip netns exec s2 ping -c 1 -W 1 10.5.0.77
sysctl -w net.ipv4.conf.br0.proxy_arp=1
ip netns exec s2 ping -c 1 -W 1 10.5.0.1
ip -n s2 addr add 10.1.0.3/24 dev eth0
ip netns exec s2 ping -c 1 -W 1 -I 10.1.0.3 10.1.0.1
ip neigh show dev br0
ebtables -L --Lc
ebtables -t nat -L --Lc
ip -n s2 neigh
