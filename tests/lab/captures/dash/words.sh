a="x  y"; for i in $a "$a"; do echo "[$i]"; done
set -- 1 2 3; while [ $# -gt 0 ]; do echo $1; shift; done; echo "${1-none}" "${2:-two}"
case x in x) echo one ;; x) echo two ;; esac; case "" in "") echo empty;; esac; case ab in [a-c]b) echo range;; esac; case 'a*' in a\*) echo star;; esac
x=5; x=$((x+1)) ; echo $x; y=$x$x; echo $y; z="$x"'$x'"\$x"; echo $z
if [ "$x" -gt 3 ] && ! [ "$x" -gt 9 ]; then echo mid; fi
cat <<EOF | sort -r | head -1
a $((1+1)) $(echo sub) \$x `echo bq`
b "quoted" 'single'
EOF
for i in 1 2 3; do [ $i = 2 ] && continue; echo $i; done | tr '\n' ','; echo
n=3; until [ $n -eq 0 ]; do printf $n; n=$((n-1)); done; echo
{ echo err >&2; echo out; } 2>&1 >/dev/null | sed 's/^/E:/'
echo "$(echo a; echo b)" | wc -l; echo $(printf 'a\nb\n'); v=$(exit 4); echo "st $?"
false | true; echo $?; true | false; echo $?; ! true; echo $?; (exit 2) && echo y || echo n
eval "a='1 2'"; echo "$a"; b='$a'; eval echo $b
unset a; echo "${a-unset} ${a+set}"; a=; echo "${a-unset} ${a:-empty} ${a+set}"
p=/usr/local/lib.so.1; echo ${p%/*} ${p##*/} ${p%%.*} ${p#/*/} "${p#"/usr"}"
IFS=,; set -- $(echo a,b,,c); echo $# "$3" "$4"; IFS=' '; echo "$*"
echo abc | while read -r l; do echo "<$l>"; done; printf 'a b\\c\n' | { read x y; echo "$x|$y"; }; printf 'a b\\c\n' | { read -r x y; echo "$x|$y"; }; printf '  lead trail  \n' | { read x; echo "<$x>"; }; printf 'noeol' | { read x; echo "$? $x"; }
true & wait $!; echo $?; false & wait $!; echo $?; (exit 7) & wait $!; echo $?
kill -0 $$ && echo alive; f() { echo "$#:$*:$@"; }; f "a b" c; f
trap2() { echo t; }; trap2; command echo hi; command -v trap2
echo a >/tmp/ddx; echo b >>/tmp/ddx; cat </tmp/ddx; : >/tmp/ddx; wc -c </tmp/ddx
x=1; (x=2; echo $x); echo $x; { x=3; }; echo $x; echo 5 | read x; echo $x
echo "a'b\"c\`d\$e\\f" 'a"b' a\ b; echo "\z \\ \n"; echo '\\'
[ -n "" ]; echo $?; [ "a" ]; echo $?; [ ! "" ]; echo $?; [ "(" = "(" ]; echo $?; [ 1 -lt 2 -a 2 -lt 3 ]; echo $?; test a != b; echo $?; [ \( a = a \) ]; echo $?
