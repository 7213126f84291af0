#> output, append, input
echo a > f; echo b >> f; cat f; cat < f | wc -l
#> truncation
echo long text > f; echo x > f; cat f; : > f; wc -c < f
#> standard error
{ echo out; echo err >&2; } 2>/dev/null
{ echo out; echo err >&2; } >/dev/null 2>&1
ls nofile 2>/dev/null; [ $? -ne 0 ] && echo failed
#> order of redirections
{ echo out; echo err >&2; } 2>&1 >/dev/null | cat
#> both
{ echo o; echo e >&2; } &> f; cat f
{ echo o2; echo e2 >&2; } &>> f; cat f
#> pipe both
{ echo o; echo e >&2; } |& sort
#> other descriptors
exec 3> f; echo three >&3; exec 3>&-; cat f
exec 4< f; read x <&4; echo $x; exec 4<&-
#> swap
{ { echo o; echo e >&2; } 3>&1 1>&2 2>&3 | sed 's/^/p:/'; } 2>/dev/null
#> here-document
x=v
cat <<EOD
a $x $(echo sub) \$x
  b "quoted"
EOD
#> here-document quoted
cat <<'EOD'
$x `echo no` \n
EOD
#> here-document without tabs
cat <<-EOD
	tabbed
		two
	EOD
echo after
#> two here-documents
cat <<A; cat <<B
first
A
second
B
#> here-document into a loop
while read a b; do echo "$b $a"; done <<EOD
1 one
2 two
EOD
#> here-string
cat <<< "a b"
read x y <<< "p q r"; echo "$y"
#> redirections on compounds
for i in 1 2; do echo $i; done > f
if true; then cat; fi < f
while read x; do echo "r$x"; done < f
(echo sub) >> f; cat f
#> a redirection without a command
> empty; wc -c < empty
#> a failing redirection
{ cat < nofile; } 2>/dev/null; echo $?
{ echo x > nodir/f; } 2>/dev/null; echo $?
#> a failing redirection of a builtin
{ cd / < nofile; } 2>/dev/null; echo $?
#> /dev/null and /dev/zero
cat /dev/null; head -c 4 /dev/zero | wc -c
#> tee
echo a | tee f g | cat; cat f g
echo b | tee -a f > /dev/null; cat f
#> long pipelines
seq 100 | grep 1 | sed 's/1/x/' | sort -r | head -n 3 | tr x y
#> large data through a pipe
seq 20000 | wc
seq 20000 | tail -n 1
#> a reader that stops early
yes | head -n 2
seq 100000 | head -n 1
#> cat from a here-document and a pipe
echo piped | cat - <<EOD
here wins
EOD
#> noclobber
set -C; echo a > f; (echo b > f) 2>/dev/null; cat f; echo c >| f; cat f
#> read with several fields
printf 'a b c\nd\n' > f
{ read x y; echo "$x|$y"; read x y; echo "$x|$y"; read x || echo end; } < f
#> read with IFS
echo 'root:x:0' | while IFS=: read u p id; do echo "$u $id"; done
#> read raw
printf 'a\\tb\n' | { read x; echo "$x"; }
printf 'a\\tb\n' | { read -r x; echo "$x"; }
#> reading a file without its last newline
printf 'a\nb' > f
while read x; do echo "<$x>"; done < f
while read x || [ -n "$x" ]; do echo "<$x>"; done < f
