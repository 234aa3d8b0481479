ip link add br0 address 02:42:7d:11:22:33 type bridge mcast_snooping 0
ip addr add 10.1.0.1/24 dev br0; ip link set br0 up
for i in 2 3 4; do
ip netns add c$i; ip netns exec c$i sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
ip link add veth$i address 02:00:00:00:00:0$i type veth peer name eth0 netns c$i address 02:42:0a:01:00:0$i
ip link set veth$i master br0 up
ip -n c$i link set lo up
ip -n c$i link set eth0 up
ip -n c$i addr add 10.1.0.$i/24 dev eth0
ip -n c$i route add default via 10.1.0.1
done
# user chains in nat and broute; snat of ARP; RETURN and CONTINUE of targets
ebtables -t nat -N MACS; ebtables -t nat -P MACS RETURN
ebtables -t nat -A POSTROUTING -o veth3 -j MACS
ebtables -t nat -A MACS -p arp -j snat --to-source 02:aa:00:00:00:01 --snat-arp --snat-target RETURN
ebtables -t nat -A MACS -p ipv4 --ip-src 10.1.0.2 --log --log-prefix "MACS" -j snat --to-source 02:aa:00:00:00:01 --snat-target CONTINUE
ebtables -t nat -A MACS --log --log-prefix "after" -j RETURN
ebtables -t nat -A POSTROUTING --log --log-prefix "post" -j CONTINUE
ebtables -t nat -N BACK; ebtables -t nat -A PREROUTING -i veth3 -d 02:aa:00:00:00:01 -j BACK
ebtables -t nat -A BACK --log --log-prefix "back" -j dnat --to-destination 02:42:0a:01:00:02 --dnat-target ACCEPT
ebtables -t broute -N R; ebtables -t broute -A BROUTING -p arp -j R; ebtables -t broute -A R --log-arp --log-prefix "R" -j RETURN
iptables -A FORWARD -j LOG
ip netns exec c2 ping -c 1 -W 1 10.1.0.3
ip netns exec c3 ping -c 1 -W 1 10.1.0.2
ip -n c3 neigh | sort; ip -n c2 neigh | sort
for t in nat broute; do ebtables -t $t -L --Lc --Ln; done
