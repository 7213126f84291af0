#> single and double quotes
echo 'a  b' "c  d" e\ \ f
echo "it's" 'say "hi"' "a\"b\\c\$d"
echo 'back\slash' "back\slash" back\\slash
#> empty words count
set -- "" a ''
echo $#
for w in "$@"; do echo "[$w]"; done
#> unquoted expansions split
x='one  two three'
set -- $x
echo $# "$1" "$3"
set -- "$x"
echo $#
#> unset variables give no field
set -- $nothing a $nothing
echo $#
set -- "$nothing" a
echo $#
#> quotes inside words join
a=1
echo x"$a"y'$a'z$a
echo "a"'b'c"d"
#> line continuation
echo one \
  two \
  three
echo "four \
five"
#> tilde and HOME
HOME=/h
echo ~ ~/x "~" a~
#> dollar quotes
echo $'a\tb\nc' $'it\'s'
#> star and at
set -- 'a b' c
for w in "$*"; do echo "<$w>"; done
for w in "$@"; do echo "<$w>"; done
for w in $*; do echo "<$w>"; done
for w in x"$@"y; do echo "<$w>"; done
#> IFS splits and joins
IFS=:
x=a:b::c
set -- $x
echo "$#" "$4"
set -- p q r
echo "$*"
#> backslash in unquoted words
echo \$HOME \"x\" \'y\' \;
#> comments
echo a # not this
echo a#b '#c'
# echo nothing
#> a dollar alone
echo $ "$" a$ "cost: 5$"
#> semicolons and blank lines

echo a; echo b

   echo c
#> glob characters in quotes stay
touch f1 f2
echo "*" '*' \* "f?"
echo f* f? f[12] f[!1]
x='f*'
echo $x "$x"
#> globs without a match stay
echo nothing* no?ne [xyz]
#> globs in directories
mkdir -p d/e d/f
touch d/e/1 d/f/2 d/.hidden
echo d/*/* d/*
echo */
#> word that looks like an assignment
echo a=b "x=$x"
a=5 b=6; echo $a$b
