ip link add docker0 address 02:42:7d:11:22:33 type bridge mcast_snooping 0
ip addr add 172.17.0.1/16 dev docker0
ip link set docker0 up
for i in 2 3 4; do
ip netns add c$i; ip netns exec c$i sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
ip link add veth$i type veth peer name eth0 netns c$i address 02:42:ac:11:00:0$i
ip link set veth$i master docker0 up
ip -n c$i link set eth0 up
ip -n c$i addr add 172.17.0.$i/16 dev eth0
ip -n c$i route add default via 172.17.0.1
done
# bridge policy and user chains
ebtables -N LOGIT
ebtables -P LOGIT RETURN
ebtables -A LOGIT --log --log-prefix "LOGIT" --log-ip -j CONTINUE
ebtables -A LOGIT -p ipv4 --ip-src 172.17.0.2 -j RETURN
ebtables -A LOGIT -p arp -j ACCEPT
ebtables -A LOGIT --log --log-prefix "END"
ebtables -A FORWARD -i veth2 -j LOGIT
ebtables -A FORWARD -i veth3 -o veth2 -j ACCEPT
ebtables -P FORWARD DROP
ip netns exec c2 ping -c 1 -W 1 172.17.0.3
ebtables -I FORWARD 2 -p ip --ip-dst 172.17.0.3 -j ACCEPT
ip netns exec c2 ping -c 2 -i 0.3 -W 1 172.17.0.3
ip netns exec c4 ping -c 1 -W 1 172.17.0.3
ebtables -L --Lc --Ln
ebtables -Z
ebtables -L LOGIT --Lc
ebtables -F LOGIT; ebtables -X LOGIT; ebtables -D FORWARD 1; ebtables -X LOGIT
ebtables -L
