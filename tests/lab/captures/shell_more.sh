# more of the shell: nesting, here-documents, loops, redirections
outer() { local x=in; inner; echo "outer $x"; }
inner() { x=changed; }
x=glob; outer; echo $x
cat <<-'END'
	tabs are stripped, $x is not expanded
	END
cat <<A; cat <<B
first $x
A
second $((2*21))
B
n=0; while [ $n -lt 10 ]; do n=$((n+1)); [ $n = 3 ] && continue; [ $n = 6 ] && break; printf '%s ' $n; done; echo
until [ $n -le 2 ]; do n=$((n-1)); done; echo $n
for w in "a b" c; do for v in 1 2; do echo "$w$v"; [ $v = 1 ] && continue 2; done; done
set -- one "two three" four; echo $#; for a in "$@"; do echo "<$a>"; done; for a in $*; do echo "[$a]"; done; shift; echo $1
IFS=:; set -- a:b::c; echo $#; p=x:y:z; for i in $p; do echo "$i"; done; unset IFS
echo "${x:+set}" "${nope:-default}" "${nope-}" "${x%o*}" "${x#?}" ${#x}
f=/a/b/c.tar.gz; echo ${f##*/} ${f%%.*} ${f%.*} ${f#*.}
(echo sub; exit 3); echo $?
{ echo to-stderr >&2; echo to-stdout; } 2>/dev/null
{ echo one; echo two >&2; } 2>&1 | sort -r
echo a > /tmp/f; echo b >> /tmp/f; cat < /tmp/f | tr ab AB; rm /tmp/f; [ -e /tmp/f ]; echo $?
if ! false && { true; }; then echo yes; elif true; then echo no; fi
case "a.b" in *.c) echo c;; a?b|x) echo matched;; esac
echo $(echo $(echo nested) "quoted  spaces")
echo "a$(printf 'x\ny\n\n\n')b"
echo `echo back\`echo inner\`quote`
v=$(false); echo $?; v=1 true; echo $v
echo one two | while read a b; do echo "$b $a"; done
printf '%s\n' c a b | sort | head -n 2 | tail -n 1
printf 'a:1\nb:2\n' | while IFS=: read k v; do echo "$v=$k"; done
printf '1 2\n3 4\n' | awk '{print $2, "and", $1}'; printf 'a\nbb\n' | awk 'NR==2 {print $0}'
printf 'x1\ny2\n' | sed -n 's/\([a-z]\)\([0-9]\)/\2\1/p'; printf 'a\nb\nc\n' | sed '/b/d'; printf 'aaa\n' | sed 's/a/b/2'
printf 'b 2\na 10\nc 1\n' | sort -k 2 -n; printf 'x\nx\ny\n' | uniq -c; printf 'k=v\n' | cut -d= -f2
seq 1 3 | tail -n +2; seq 10 | grep -c 1; seq 3 | grep -v 2; echo Abc | grep -io B; printf 'a\nb\n' | grep -n b
echo a | tee /tmp/t1 | cat; cat /tmp/t1; ls /tmp/t1; wc -c < /tmp/t1
sleep 0.2 & p1=$!; sleep 0.1; wait $p1; echo waited $?
true && false || echo chain; false; echo $?; ! false; echo $?
eval 'y=5; echo $y'; sh -c 'echo $0-$1' name arg; echo $((y<<2|1)) $((y>3?1:2)) $((-7/2)) $((-7%3)) $((010+0x1f))
return_it() { return 7; }; return_it; echo $?
echo 'a\\b' "c\\d" e\\f; echo "tab\there"; printf '%5.2f|%x|%o|%c|%%\n' 3.14159 255 8 xyz
command -v echo; command -v ip; command -v nothing_here; echo $?
test -d /tmp -a ! -f /tmp; echo $?; [ "$x" = glob ] && [ abc != abd ]; echo $?; [ 3 -gt 2 -o 1 -gt 2 ]; echo $?
exit 9
