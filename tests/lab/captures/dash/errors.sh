[ a == b ]; echo $?
[ a b ]; echo $?
[ a b c ]; echo $?
[ -z ]; echo $?
[ ! ]; echo $?
[ ]; echo $?
[ -n x -a ]; echo $?
[ 1 -eq ]; echo $?
printf '\x41\101\n'; printf '%s\n'; printf '%d\n' 0x1f 010 "'A" 12abc; echo $?
printf '%5s|%.2s|%+d|% d\n' ab xyz 5 5
printf '%z\n'; echo $?
printf; echo $?
echo 'a\x41\0101\101'
echo "a\nb" -n
x=abc; echo ${x#a}${x%c}
echo $((08)) 2>&1; echo $?
