#> background and wait
sleep 0.01 & wait; echo $?
(exit 3) & wait $!; echo $?
#> two jobs
(sleep 0.02; echo second) & (echo first) & wait; echo done
#> kill
sleep 100 & p=$!; kill $p; wait $p 2>/dev/null; echo $?
sleep 100 & kill -9 $!; wait $! 2>/dev/null; echo $?
#> kill -0
sleep 100 & p=$!; kill -0 $p && echo alive; kill $p; wait $p 2>/dev/null; kill -0 $p 2>/dev/null || echo gone
#> signal exit codes
{ sh -c 'kill -9 $$'; } 2>/dev/null; echo $?
{ sh -c 'kill $$'; } 2>/dev/null; echo $?
#> a background pipeline
seq 5 | sort -r > f & wait; cat f
#> a background loop
for i in 1 2 3; do echo $i; sleep 0.001; done > f & wait $!; cat f
#> job numbers
sleep 0.5 & sleep 0.5 & jobs > f; wc -l < f; wait
wait %1 2>/dev/null; echo $?
#> variables do not come back
x=1; { x=2; } & wait; echo $x
#> $! and $$
sleep 0 & [ $! -gt 1 ] && [ $$ -gt 1 ] && [ $! != $$ ] && echo ok; wait
#> the process id in a subshell stays
[ "$(echo $$)" = $$ ] && echo same
#> exec replaces
(exec echo replaced; echo never)
sh -c 'exec true'; echo $?
#> trap on exit
sh -c 'trap "echo bye" EXIT; echo hi; exit 3'; echo $?
#> an ignored signal
sh -c 'trap "" TERM; kill $$; echo survived'
#> wait for nothing
wait; echo $?
#> xargs
echo a b c | xargs echo x
printf '1\n2\n3\n' | xargs -n 1 echo n
#> timeout
timeout 0.05 sleep 10; echo $?
timeout 5 true; echo $?
#> background job reads nothing
cat & wait; echo $?
#> many processes
for i in $(seq 20); do (echo $i) & done | sort -n | tail -n 1; wait
#> both ends of a pipe run side by side
(echo first; sleep 0.05; echo last) | while read x; do echo "got $x"; done
(sleep 0.01; echo late) | head -n 1
#> a writer without a reader ends
(yes; echo "status $?" >&2) 2>/dev/null | head -n 1
seq 100000 | (read x; echo $x); echo $?
