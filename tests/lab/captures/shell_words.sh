X=1; Y="a $X b"
echo "$Y" | wc
echo "$Y" | wc -l -c
printf '%s-%d\n' a 3 b 4
printf 'x%5s|%-5s|%05d\n' ab cd 42
echo -e 'a\tb\nc'
echo -n foo; echo
echo 'a\tb'
cat <<EOF | grep -n X
a $X
b X
EOF
f() { echo "f $1 $#"; return 3; }
f q w; echo $?
for i in 1 2 3; do echo $i; done
case abc in a*) echo A;; *) echo other;; esac
n=$((3*4+1)); echo $n $((n>5)) $((n%5)) $((-3/2)) $((1<<4)) $((0x10))
echo ${n:-d} ${m:-d} ${n%3} ${n#1} ${#n}
false || echo no
false && echo yes; echo $?
! true; echo $?
(exit 4); echo $?
{ echo a; echo b; } | sort -r
seq 3 | while read a; do echo "r$a"; done
echo a b c | { read x y; echo "$y/$x"; }
sleep 1 & echo $?; wait; echo $?
sleep 5 & kill $!; wait $!; echo $?
kill 99999; echo $?
cat /nonexistent; echo $?
ls /nonexistent; echo $?
echo hi > /tmp/a; cat /tmp/a; cat < /tmp/a; wc -l /tmp/a; wc /tmp/a
cat < /nonexist; echo $?
[ 1 -eq 1 ]; echo $?; [ a = b ]; echo $?; test -n ""; echo $?; [ 1 -eq a ]; echo $?
[ -f /tmp/a ] && echo file; [ -d /tmp ] && echo dir; [ ! -e /x ] && echo nox
[ a = b; echo $?
set -x; echo tr; X=2; set +x
command -v ip; command -v foo; echo $?
which ip
timeout 1 sleep 5; echo $?
sleep 0.2; sleep x; echo $?
grep foo /tmp/a; echo $?
grep -c hi /tmp/a /tmp/a
echo "a:b:c" | cut -d: -f2; echo abc | tr a-b A-B; echo abc | sed 's/b/X/;s/c/Y/'
seq 5 | sed -n 2,3p; seq 5 | sed 2d; seq 5 | tail -n +4; seq 5 | tail -2; seq 5 | head -n -2
echo "a b" | awk '{print $2}'; printf 'b\na\nb\n' | sort | uniq -c
true | false; echo $?
echo err >&2; echo a 2>&1 >/dev/null

local x=1; echo after
exit 7
