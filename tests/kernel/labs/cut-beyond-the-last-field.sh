# cut -f beyond the last field
echo "a b c d" | cut -d' ' -f1-3,6
echo "a b c d " | cut -d' ' -f1-3,6
echo "a b c d " | cut -d' ' -f1-3,5
echo "a b c d " | cut -d' ' -f6
echo "a b c d" | cut -d' ' -f6
echo "a b c d" | cut -d' ' -f2,9-
echo "abcd" | cut -d' ' -f2
echo "a  d" | cut -d' ' -f2,3
echo "a  d " | cut -d' ' -f1-3,4,6
echo "a b c d" | cut -d' ' -f7,9
echo "a b c d" | cut -d' ' -f7-
echo "a b c d" | cut -d' ' -f3-7,9
echo "a b c d" | cut -d' ' -f4,6,8-
printf 'x:y\n\nz\n' | cut -d: -f1,3
printf 'x:y\n\nz\n' | cut -d: -f3
