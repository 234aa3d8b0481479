quiet() { ip netns exec $1 sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1; }
ip link add br0 address 02:42:7d:11:22:33 type bridge mcast_snooping 0; ip addr add 172.18.0.1/16 dev br0; ip link set br0 up
for i in 2 3 4; do
  ip netns add c$i; quiet c$i
  ip link add veth$i address 02:00:00:00:00:0$i type veth peer name eth0 netns c$i address 02:42:ac:12:00:0$i
  ip link set veth$i master br0 up
  ip -n c$i link set lo up; ip -n c$i link set eth0 up
  ip -n c$i addr add 172.18.0.$i/16 dev eth0
  ip -n c$i route add default via 172.18.0.1
done
for chain in PREROUTING OUTPUT POSTROUTING; do ebtables -t nat -A $chain --log-level 6 --log-ip --log-arp --log-prefix "eb:nat:$chain" -j CONTINUE; done
for chain in INPUT FORWARD OUTPUT; do ebtables -t filter -A $chain --log-level 6 --log-ip --log-arp --log-prefix "eb:filter:$chain" -j CONTINUE; done
ebtables -t broute -A BROUTING --log-level 6 --log-ip --log-arp --log-prefix "eb:broute:BROUTING" -j CONTINUE
# ARP spoofing kept off a port: what a hypervisor writes.
ebtables -N FROM2 -P DROP; ebtables -A FORWARD -i veth2 -j FROM2; ebtables -A INPUT -i veth2 -j FROM2
ebtables -A FROM2 -p arp --arp-op Request --arp-ip-src 172.18.0.2 --arp-mac-src 02:42:ac:12:00:02 -j ACCEPT
ebtables -A FROM2 -p arp --arp-op Reply --arp-ip-src 172.18.0.2 -j ACCEPT
ebtables -A FROM2 -p ipv4 --ip-src 172.18.0.2 -s 02:42:ac:12:00:02 -j ACCEPT
ip netns exec c2 ping -c 1 -W 1 172.18.0.3
ip -n c2 addr add 172.18.0.99/16 dev eth0
ip netns exec c2 ping -c 1 -W 1 -I 172.18.0.99 172.18.0.3
ip netns exec c2 ping -c 1 -W 1 -I 172.18.0.99 172.18.0.4
ip -n c4 neigh; ebtables -L --Lc --Lmac2
