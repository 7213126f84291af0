#> files
mkdir d; echo x > d/f; cp d/f g; mv g h; ln -s h l; cat l; rm l h; ls; rm -r d; ls
#> ls
mkdir d; touch d/b d/a d/.c; ls d; ls -a d | wc -l; ls -d d
#> cp -r and find
mkdir -p a/b/c; touch a/1 a/b/2 a/b/c/3; cp -r a z; find z | sort; find z -type f -name '[12]' | sort
#> find -exec
touch 1 2; find . -type f -exec echo found {} \; | sort
#> rm errors
rm nofile 2>/dev/null; echo $?
rm -f nofile; echo $?
rmdir nodir 2>/dev/null; echo $?
#> mkdir errors
mkdir d; mkdir d 2>/dev/null; echo $?; mkdir -p d; echo $?
#> stat and chmod
touch f; chmod 640 f; stat -c %a f; ls -l f | cut -c 1-10
#> head and tail
seq 10 > f; head -n 3 f; tail -n 2 f; head -n -8 f; tail -n +9 f; tail -c 3 f
#> sort
printf '3 c\n1 b\n2 a\n' > f; sort f; sort -k2 f; sort -rn f
#> uniq and wc
printf 'a\na\nb\n' | uniq -c | sed 's/^ *//'; printf 'a b\nc\n' | wc -w
#> cut and tr
echo a:b:c | cut -d: -f2; echo abc | tr a-c x-z; echo hello | tr -d l
#> grep
printf 'foo\nbar\nfoobar\n' > f; grep foo f; grep -c foo f; grep -v foo f; grep -q zzz f; echo $?; grep -n bar f; grep -E 'o{2}b' f
#> grep in files
echo x1 > a; echo x2 > b; grep x a b; grep -l 2 a b; grep -r x . | sort; grep -h x a b
#> sed
printf 'a\nb\nc\n' > f; sed -n 2p f; sed 's/b/B/;1d' f; sed -e '/a/d' -e 's/$/!/' f; sed '2i\
ins' f; sed '1a app' f; sed '2c changed' f
#> basename and dirname
basename /a/b.c .c; dirname /a/b.c; basename x
#> date of nothing, seq, yes
seq 2 2 6; yes x | head -n 2
#> expr
expr 1 + 2; expr 7 / 2; expr abc : 'a\(.\)'; expr 1 = 2; echo $?
#> dd
echo hello > f; dd if=f of=g bs=1 skip=1 count=3 2>/dev/null; cat g; echo
#> rev, tac, nl
echo abc | rev; seq 3 | tac; printf 'a\nb\n' | nl
#> diff and cmp
echo a > f; echo b > g; diff f g; echo $?; cmp -s f f; echo $?
#> env and printenv
A=1 env | grep '^A='; env B=2 sh -c 'echo $B'
#> sleep and time go on
sleep 0; echo $?
#> mktemp
f=$(mktemp); [ -f $f ] && echo made; rm $f
#> test of numbers
[ 1 -eq x ] 2>/dev/null; echo $?
#> which of commands
which cat | grep -c cat
#> touch and -nt
touch a; sleep 0.02; touch b; [ b -nt a ] && echo newer
#> ln and readlink
echo x > f; ln -s f l; readlink l; ln f h; echo y >> h; cat f
#> pwd and cd
mkdir -p a/b; cd a/b; cd ..; basename "$(pwd)"; cd - > /dev/null; basename "$PWD"
#> true paths
cd /; cd tmp; pwd; cd ..; pwd
