#> if elif else
for x in 1 2 3; do
  if [ $x = 1 ]; then echo one
  elif [ $x = 2 ]; then echo two
  else echo other; fi
done
#> if without a true branch
if false; then echo no; fi; echo $?
#> while and until
i=0
while [ $i -lt 3 ]; do echo $i; i=$((i+1)); done
until [ $i -eq 0 ]; do i=$((i-1)); done
echo $i
#> break and continue
for i in 1 2 3 4 5; do
  [ $i = 2 ] && continue
  [ $i = 4 ] && break
  echo $i
done
#> break out of two loops
for i in a b; do for j in 1 2; do echo $i$j; break 2; done; done
for i in a b; do for j in 1 2; do echo $i$j; continue 2; done; done
#> for without a list
set -- x y
for a; do echo $a; done
#> for over nothing
for a in; do echo $a; done; echo $?
#> case
for x in apple bob 42 "" 'a*'; do
  case $x in
    a*e) echo starts-a ;;
    bob|alice) echo name ;;
    [0-9]*) echo number ;;
    '') echo empty ;;
    'a*') echo literal ;;
    *) echo other ;;
  esac
done
#> case falls through
case a in a) echo 1 ;& b) echo 2 ;; c) echo 3 ;; esac
case a in a) echo 1 ;;& *) echo 2 ;; esac
#> case status
case x in y) false;; esac; echo $?
case x in x) false;; esac; echo $?
#> functions
f() { echo "$# $1 $2"; return 5; }
f a b; echo $?
function g { local x=in; echo $x; }
x=out; g; echo $x
#> functions see and set variables
f() { y=set; echo $x; }
x=1; f; echo $y
#> recursion
fact() { if [ $1 -le 1 ]; then echo 1; else echo $(( $1 * $(fact $(($1-1))) )); fi; }
fact 5
#> return in a loop
f() { for i in 1 2 3; do [ $i = 2 ] && return 7; done; }
f; echo $? $i
#> functions with redirections
f() { echo out; echo err >&2; } > f.out 2>&1
f; cat f.out
#> function replaces a command
echo() { printf '<%s>\n' "$*"; }
echo a b
unset -f echo
echo a b
#> command ignores functions
echo() { printf 'mine\n'; }
command echo real
#> and or lists
true && echo a || echo b
false && echo a || echo b
false || true && echo c
! true; echo $?
! false && echo d
#> groups
{ echo a; echo b; } | cat
(x=5; echo $x); echo "[$x]"
{ y=6; }; echo $y
#> subshell exits
(exit 3); echo $?
(cd /; pwd); pwd | grep -c .
#> exit in the middle
echo a
exit 4
echo b
#> exit code of the last command
false
#> set -e stops
set -e
echo a
if false; then :; fi
false || true
! true
echo b
false
echo c
#> set -e in a function
set -e
f() { false; echo not; }
f && echo yes || echo no
f
echo never
#> set -u
set -u
(echo $nope) 2>/dev/null; echo $?
echo "${nope-ok}"
#> set -x writes to standard error
set -x 2>/dev/null
echo a 2>/dev/null
set +x 2>/dev/null
echo b
#> test operators
[ a = a ] && echo 1
[ a != b ] && echo 2
[ -n x -a -z "" ] && echo 3
[ 1 -lt 2 -o 1 -gt 2 ] && echo 4
[ ! -e nofile ] && echo 5
[ "" ] || echo 6
test x && echo 7
[ 10 -eq 010 ] || echo 8
#> test on files
touch f; mkdir d; ln -s f l; echo x > g; chmod 755 g
[ -f f ] && [ -d d ] && [ -L l ] && [ -e l ] && echo ok
[ -s f ] || echo empty
[ -s g ] && [ -x g ] && [ -r g ] && [ -w g ] && echo g
[ -d f ] || echo nodir
#> double brackets
x='a b'
[[ $x = a* ]] && echo 1
[[ $x == "a*" ]] || echo 2
[[ -n $x && $x != c ]] && echo 3
[[ abc =~ ^a.c$ ]] && echo 4
[[ 5 -gt 3 || 1 -gt 2 ]] && echo 5
[[ ! -e /nofile ]] && echo 6
#> double brackets compare as texts
[[ abc < abd ]] && echo less
[[ 10 < 9 ]] && echo textual
#> shift and positional
set -- a b c d
while [ $# -gt 0 ]; do echo $1; shift; done
shift; echo $?
#> getopts
set -- -a -b val rest
while getopts ab: o; do echo "$o $OPTARG"; done
shift $((OPTIND-1)); echo $1
#> sourcing
echo 'x=7; echo in $1; return 3' > s.sh
. ./s.sh arg; echo $? $x
#> a script as a command
printf 'echo script $1\nexit 9\n' > s.sh; chmod +x s.sh
./s.sh me; echo $?
#> a missing command
nosuchcommand 2>/dev/null; echo $?
/no/such/path 2>/dev/null; echo $?
touch plain; ./plain 2>/dev/null; echo $?
#> status of a pipe
true | false; echo $?
false | true; echo $?
set -o pipefail; false | true; echo $?
#> loop in a pipe
for i in 3 1 2; do echo $i; done | sort
echo 'a
b' | while read x; do echo "<$x>"; done
#> variable set in a pipe is lost
echo a | read x; echo "[$x]"
#> nested functions and loops
f() { for a in "$@"; do case $a in *.c) echo C;; *) g "$a";; esac; done; }
g() { while [ "$1" ]; do echo "other $1"; shift; done; }
f x.c y z.c
#> colon and true
: ignored "$(echo nothing)"; echo $?
while :; do echo once; break; done
#> type and command -v
f() { :; }
type f | head -n 1
command -v f; command -v nosuch; echo $?
type cd | grep -c builtin
