iptables -A OUTPUT -o lo -p udp -j LOG --log-prefix "q "
iptables -A INPUT -i lo -p icmp -j DROP
iptables -A FORWARD -s 10.2.3.4 -d 10.8.0.0/16 -j ACCEPT
iptables -L FORWARD
iptables -nvL OUTPUT
