/* stdio: files, seeking, lines, character push-back, modes. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(void)
{
	FILE *f = fopen("missing", "r");
	char line[64], *long_line = NULL;
	size_t size = 0;
	int c, n = 0;

	printf("%s\n", f ? "?" : strerror(errno));
	f = fopen("text", "w");
	fprintf(f, "first line\nsecond\n%d third\n", 3);
	fputs("no newline", f);
	printf("%ld\n", ftell(f));
	fclose(f);
	f = fopen("text", "r");
	while (fgets(line, sizeof(line), f))
		printf("%zu:%s", strlen(line), line);
	printf("\neof %d error %d\n", feof(f) != 0, ferror(f) != 0);
	rewind(f);
	c = fgetc(f);
	ungetc('F', f);
	printf("%c", c);
	c = fgetc(f);
	printf("%c%c\n", c, fgetc(f));
	fseek(f, 11, SEEK_SET);
	fgets(line, sizeof(line), f);
	printf("%s%ld\n", line, ftell(f));
	fseek(f, -7, SEEK_END);
	fgets(line, sizeof(line), f);
	printf("%s\n", line);
	printf("write to a reader: %d\n", fputc('x', f) == EOF);
	fclose(f);
	f = fopen("text", "a+");
	fputs("\nappended\n", f);
	rewind(f);
	while (getline(&long_line, &size, f) > 0)
		n++;
	printf("%d lines, last %s", n, long_line);
	fclose(f);
	f = fopen("data", "w+");
	for (n = 0; n < 5000; n++)
		fwrite(&n, sizeof(n), 1, f);
	fseek(f, 1234 * sizeof(int), SEEK_SET);
	fread(&n, sizeof(n), 1, f);
	printf("%d\n", n);
	fseek(f, 0, SEEK_END);
	printf("%ld\n", ftell(f));
	n = -1;
	fwrite(&n, sizeof(n), 1, f);
	fclose(f);
	n = remove("data");
	printf("remove %d %d\n", n, remove("data"));
	fflush(stdout);
	dprintf(1, "directly\n");
	puts("done");
	return 3;
}
