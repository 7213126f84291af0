#> awk starts commands and reads them
awk 'BEGIN { "echo one; echo two" | getline a; "echo one; echo two" | getline b; print b, a; print close("echo one; echo two") }'
awk 'BEGIN { while (("ls /no/such 2>&1" | getline line) > 0) n++; print n; r = system("exit 3"); print r; system("") }'
#> awk prints to commands and files
printf 'c\nb\na\n' | awk '{ print | "sort" } END { close("sort"); print "end" }'
printf '1 x\n2 y\n' | awk '{ print $2 > ("out" $1) } END { print "more" >> "out1" }'
cat out1 out2
#> awk reads several files and ARGV's assignments
printf 'a b\n' > f; printf 'c d\n' > g
awk '{ print FILENAME, FNR, NR, v, $1 }' v=1 f v=2 g
awk 'NR == FNR { seen[$1] = 1; next } $1 in seen { print "both", $1 }' f f g
#> awk ends a pipe early
yes | awk 'NR == 3 { print NR; exit }'
awk 'BEGIN { for (i = 0; i < 100000; i++) print i }' | head -n 2
#> awk and the environment
COLOUR=red awk 'BEGIN { print ENVIRON["COLOUR"] }'
awk 'BEGIN { printf "%s %s\n", "to stderr", 1 > "/dev/stderr"; print "to stdout" }' 2>&1
