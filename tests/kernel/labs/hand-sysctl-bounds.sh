iptables -A INPUT -m conntrack --ctstate NEW
for k in nf_conntrack_acct nf_conntrack_checksum nf_conntrack_timestamp nf_conntrack_tcp_loose nf_conntrack_tcp_be_liberal nf_conntrack_tcp_ignore_invalid_rst nf_conntrack_log_invalid nf_conntrack_tcp_max_retrans; do
for v in 0 1 2 255 256 -1; do sysctl -w net.netfilter.$k=$v; echo $?; done
sysctl net.netfilter.$k
done
for v in 0 1 255 256 -1; do for k in ip_default_ttl tcp_syn_retries tcp_synack_retries icmp_echo_ignore_all icmp_echo_ignore_broadcasts icmp_errors_use_inbound_ifaddr ip_forward; do sysctl -w net.ipv4.$k=$v; done; done
for v in 127 128 x "" "1 2" 0x10 010 1x; do sysctl -w net.ipv4.tcp_syn_retries=$v; sysctl -w net.ipv4.ip_forward="$v"; done
sysctl -w net.bridge.bridge-nf-call-iptables=2
sysctl net.bridge.bridge-nf-call-iptables
echo $?
sysctl -w net.netfilter.nf_conntrack_max=3
echo $?
sysctl -w net.netfilter.nf_conntrack_icmp_timeout=-1
sysctl -w net.netfilter.nf_conntrack_icmp_timeout=2147483647
sysctl net.netfilter.nf_conntrack_icmp_timeout
sysctl -w net.netfilter.nf_conntrack_icmp_timeout=0
