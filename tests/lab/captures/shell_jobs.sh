(sleep 1; echo bg1) & (sleep 2; echo bg2) &
sleep 3
yes | head -2
kill -l 15
sleep 100 & P=$!; sleep 0.1; kill -9 $P; wait; echo $?
sh -c 'sleep 1; exit 3'; echo $?
sh -c 'echo $0 $1' a b
eval 'echo $((1+1))'
echo end
