ip link set lo up
nc -l -N -p 8080 > /tmp/request <<X &
HTTP/1.0 200 OK
Content-Length: 6

hello
X
sleep 0.3
wget -q -O - http://127.0.0.1:8080/index.html; echo "rc $?"
sleep 0.2; tr -d '\r' < /tmp/request
nc -l -N -p 8081 > /tmp/request <<X &
HTTP/1.1 404 Not Found
Content-Length: 4

no!
X
sleep 0.3
wget -q -O - http://127.0.0.1:8081/; echo "rc $?"
wget -q -O - http://127.0.0.1:8089/; echo "rc $?"
nc -l -N -p 8082 > /tmp/request < /dev/null &
sleep 0.3
wget -q -O - http://127.0.0.1:8082/; echo "rc $?"
nc -l -N -p 8083 > /tmp/request <<X &
HTTP/1.0 200 OK

no length
X
sleep 0.3
wget -q -O /tmp/page http://127.0.0.1:8083/page; echo "rc $?"
cat /tmp/page
wget -q -O - nosuch; echo "rc $?"
