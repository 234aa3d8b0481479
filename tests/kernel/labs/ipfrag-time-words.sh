sysctl net.ipv4.ipfrag_time
sysctl -w net.ipv4.ipfrag_time=3
sysctl -w net.ipv4.ipfrag_time=-1
sysctl net.ipv4.ipfrag_time
sysctl -w net.ipv4.ipfrag_time=0
sysctl net.ipv4.ipfrag_time
sysctl -w net.ipv4.ipfrag_time=8589934
sysctl -w net.ipv4.ipfrag_time=8589935
sysctl net.ipv4.ipfrag_time
ip netns add q
ip netns exec q sysctl net.ipv4.ipfrag_time
