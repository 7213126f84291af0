#> cc compiles a program that runs
cat > hello.c <<'C'
#include <stdio.h>
int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		printf("%d %s\n", i, argv[i]);
	return argc;
}
C
cc hello.c -o hello && ./hello a "b c"
echo $?
cc -Wall -O2 hello.c && ./a.out; echo $?
#> cc finds headers beside the source and with -I
mkdir inc sub
echo '#define INSIDE 4' > inc/deep.h
printf '#include <deep.h>\n#define HERE (INSIDE + 1)\n' > sub/near.h
printf '#include <stdio.h>\n#include "near.h"\nint main(void) { printf("%%d %%d\\n", HERE, GIVEN); return 0; }\n' > sub/p.c
gcc -I inc -DGIVEN=7 sub/p.c -o p && ./p
#> cc links several files and objects
echo 'int twice(int x) { return 2 * x; }' > twice.c
printf '#include <stdio.h>\nint twice(int);\nint main(void) { printf("%%d\\n", twice(21)); return 0; }\n' > main.c
cc -c twice.c && ls twice.o && cc main.c twice.o -o both && ./both
cc main.c twice.c -o both2 && ./both2
#> cc refuses what is wrong
echo 'int main(void) { return x; }' > bad.c
cc bad.c -o bad 2> errors; echo $?
grep -c "error: " errors
ls bad 2> /dev/null || echo "no program"
cc none.c > /dev/null 2>&1; echo $?
cc > /dev/null 2>&1; echo $?
echo 'int missing(void); int main(void) { return missing(); }' > undefined.c
cc undefined.c -o undefined > errors 2>&1; echo $?
grep -q missing errors && echo named
