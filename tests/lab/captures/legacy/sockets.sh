ip link set lo up
nc -l -p 80 < /dev/null > /dev/null &
sleep 0.3
netstat -tln
netstat -uln
sleep 1 | nc -p 5001 127.0.0.1 80 &
sleep 0.3
netstat -tn
netstat -tan
sleep 1
