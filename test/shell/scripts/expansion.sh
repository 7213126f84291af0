#> defaults
echo "${x:-d}" "${x-d}"; x=; echo "${x:-d}" "[${x-d}]"
echo "${y:=set}" "$y" "${z:+no}" "${y:+yes}"
#> error if unset
(echo "${nope:?gone}") 2>/dev/null
echo $?
#> lengths
x=hello
echo ${#x} ${#nothing}
set -- a b c
echo $# ${#1}
#> prefixes and suffixes
f=/usr/lib/libc.so.6
echo ${f##*/} ${f%/*} ${f#*/} ${f%%.*} ${f%.*}
#> replace
x=banana
echo ${x/an/AN} ${x//an/AN} ${x/#ba/BA} ${x/%na/NA} ${x//n}
#> slices
x=abcdefgh
echo ${x:2} ${x:2:3} ${x: -3} ${x:0:1} ${x:1:-2}
#> case changes
x=hello
echo ${x^} ${x^^}
y=WORLD
echo ${y,} ${y,,}
#> nested defaults
a=1
echo ${b:-${a:-x}} "${b:-"$a b"}"
#> command substitution
echo $(echo a; echo b) "$(echo a; echo b)"
x=$(printf 'a\n\n\n'); echo "[$x]"
echo `echo back` $(echo $(echo nested))
#> substitution status
x=$(exit 3); echo $?
x=$(true); echo $?
echo $(exit 4) $?
#> arithmetic
echo $((1+2*3)) $(( (1+2)*3 )) $((7/2)) $((7%3)) $((-7/2)) $((2**10))
x=5
echo $((x*2)) $(($x+1)) $((x++)) $x $((++x)) $((x-=2)) $x
echo $((0x1f)) $((010)) $((1<<4)) $((255>>4)) $((5&3)) $((5|3)) $((5^3)) $((~5))
echo $((1<2)) $((2<=1)) $((3==3)) $((3!=3)) $((1&&0)) $((1||0)) $((!0)) $((1?5:6))
#> arithmetic with nothing set
echo $((nothing+1))
n=3; while [ $((n)) -gt 0 ]; do echo $n; n=$((n-1)); done
#> arithmetic command
((5>3)) && echo yes
((5<3)) || echo no
for ((i=0;i<3;i++)); do echo i$i; done
let 'a=2+3'; echo $a
#> 64 bits
echo $((9223372036854775807+1)) $((1<<63))
echo $((0xffffffff81000000))
#> braces
echo {a,b,c} x{1,2}y {1..4} {3..1}
#> braces nested and more than one
echo {a,b}{1,2} a{b,{c,d}}e {01..03} {a..e}
#> special parameters
true; echo $?
false; echo $?
set -- a b
echo $# $@ $*
shift; echo $# $1
echo ${10:-none} "$0" | grep -c none
#> indirect
a=b; b=c
echo ${!a}
#> assignments before a command
X=1 sh -c 'echo "X=$X"'
echo "[$X]"
export Y=2
sh -c 'echo "Y=$Y"'
Z=3
sh -c 'echo "Z=[$Z]"'
#> unset and export
x=1; unset x; echo "[${x-unset}]"
export x=5; sh -c 'echo $x'; unset x; sh -c 'echo "[$x]"'
#> read-only
readonly r=1
{ (r=2); } 2>/dev/null; echo $?
echo $r
#> append
x=a; x+=b; x+=c; echo $x
#> eval
x='echo hi'
eval "$x there"
eval 'y=5; echo $y'
#> printf in the shell
printf '%s-%s\n' a b c
printf '%05d %x %o %c|\n' 42 255 8 z
printf '%-6s|%6s|\n' ab cd
printf 'no newline'; echo
#> seq in a substitution
for i in $(seq 3); do printf '%s ' $i; done; echo
