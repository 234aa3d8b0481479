ip link set lo up
ip link add eth0 type veth peer name eth1
ip addr add 10.0.0.1/24 dev eth0
ip link set eth0 up
ip link set eth1 up
nc -l -N -p 8080 > /tmp/request <<X &
HTTP/1.0 200 OK
Content-Length: 6

hello
X
sleep 0.3
curl -s http://127.0.0.1:8080/index.html; echo "rc $?"
sleep 0.2; tr -d '\r' < /tmp/request | grep -v User-Agent
nc -l -N -p 8081 > /tmp/request <<X &
HTTP/1.1 200 OK

no length
X
sleep 0.3
curl -s 127.0.0.1:8081; echo "rc $?"
nc -l -N -p 8082 > /tmp/request <<X &
HTTP/1.1 404 Not Found
Content-Length: 4

no!
X
sleep 0.3
curl -s -w '%{http_code}\n' http://127.0.0.1:8082/; echo "rc $?"
nc -l -N -p 8083 > /tmp/request <<X &
HTTP/1.1 404 Not Found
Content-Length: 4

no!
X
sleep 0.3
curl -s -S -f http://127.0.0.1:8083/; echo "rc $?"
nc -l -N -p 8084 > /tmp/request <<X &
HTTP/1.1 200 OK
Content-Length: 4

abc
X
sleep 0.3
curl -s -o /tmp/body -w '%{http_code} %{size_download}\n' http://127.0.0.1:8084/; echo "rc $?"; cat /tmp/body
nc -l -N -p 8085 > /tmp/request <<X &
HTTP/1.1 200 OK
Content-Length: 4

abc
X
sleep 0.3
curl -s -i http://127.0.0.1:8085/ | tr -d '\r'; echo "rc $?"
nc -l -N -p 8086 > /tmp/request <<X &
HTTP/1.1 200 OK
Content-Length: 4

X
sleep 0.3
curl -s -I http://127.0.0.1:8086/ | tr -d '\r'; echo "rc $?"
sleep 0.2; grep -c HEAD /tmp/request
nc -l -N -p 8087 > /tmp/request < /dev/null &
sleep 0.3
curl -s -S http://127.0.0.1:8087/; echo "rc $?"
nc -l -N -p 8088 > /tmp/request <<X &
not http
X
sleep 0.3
curl -s -S http://127.0.0.1:8088/; echo "rc $?"
curl -s http://127.0.0.1:8089/; echo "rc $?"
curl -sS http://127.0.0.1:8089/; echo "rc $?"
curl -s -o /dev/null -w '%{http_code}\n' http://127.0.0.1:8089/; echo "rc $?"
curl -s -S -m 1 http://10.0.0.9:80/; echo "rc $?"
curl -s -S --connect-timeout 1 http://10.0.0.9:80/; echo "rc $?"
curl -s -S http://10.9.0.9:80/; echo "rc $?"
nc -l -p 8090 > /dev/null < /dev/null &
sleep 0.2
curl -s -S -m 1 http://127.0.0.1:8090/; echo "rc $?"
