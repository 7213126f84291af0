/* Streams: one buffer each, for reading or for writing. stdout and other terminals are flushed at each line. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct __file {
	int fd;
	int mode;    /* _IOFBF, _IOLBF, _IONBF */
	int writing; /* the buffer holds what is to be written */
	int failed, ended;
	int pushed;  /* from ungetc, or EOF */
	size_t at, filled;
	char buffer[BUFSIZ];
	FILE *next;
};

static FILE in = { .fd = 0, .pushed = EOF };
static FILE out = { .fd = 1, .mode = _IOLBF, .pushed = EOF, .next = &in };
static FILE error = { .fd = 2, .mode = _IONBF, .pushed = EOF, .next = &out };
static FILE *all = &error;
FILE *stdin = &in, *stdout = &out, *stderr = &error;

static int flush_one(FILE *file)
{
	size_t done = 0;

	while (file->writing && done < file->at) {
		ssize_t wrote = write(file->fd, file->buffer + done, file->at - done);

		if (wrote < 0) {
			file->failed = 1;
			break;
		}
		done += wrote;
	}
	file->at = file->filled = 0;
	file->writing = 0;
	return file->failed ? EOF : 0;
}

int fflush(FILE *file)
{
	int result = 0;

	if (file)
		return flush_one(file);
	for (file = all; file; file = file->next)
		if (file->writing && flush_one(file))
			result = EOF;
	return result;
}

int fputc(int c, FILE *file)
{
	if (!file->writing) {
		file->at = file->filled = 0;
		file->writing = 1;
	}
	file->buffer[file->at++] = c;
	if (file->at == BUFSIZ || file->mode == _IONBF || (file->mode == _IOLBF && c == '\n'))
		if (flush_one(file))
			return EOF;
	return (unsigned char)c;
}

int putc(int c, FILE *file)
{
	return fputc(c, file);
}

int putchar(int c)
{
	return fputc(c, stdout);
}

size_t fwrite(const void *from, size_t size, size_t count, FILE *file)
{
	const char *bytes = from;
	int mode = file->mode;

	if (mode == _IONBF)
		file->mode = _IOFBF;
	for (size_t at = 0; at < size * count; at++)
		if (fputc(bytes[at], file) == EOF)
			return size ? at / size : 0;
	file->mode = mode;
	if (mode == _IONBF && flush_one(file))
		return 0;
	return count;
}

int fputs(const char *text, FILE *file)
{
	size_t length = strlen(text);

	return fwrite(text, 1, length, file) == length ? 0 : EOF;
}

int puts(const char *text)
{
	return fputs(text, stdout) == EOF || putchar('\n') == EOF ? EOF : 0;
}

int vfprintf(FILE *file, const char *format, va_list list)
{
	char small[512];
	char *text = small;
	int length = vsnprintf(small, sizeof(small), format, list);

	if (length >= (int)sizeof(small)) {
		text = malloc(length + 1);
		if (!text)
			return -1;
		vsnprintf(text, length + 1, format, list);
	}
	if (fwrite(text, 1, length, file) != (size_t)length)
		length = -1;
	if (text != small)
		free(text);
	return length;
}

int vprintf(const char *format, va_list list)
{
	return vfprintf(stdout, format, list);
}

int printf(const char *format, ...)
{
	va_list list;
	int length;

	va_start(list, format);
	length = vfprintf(stdout, format, list);
	va_end(list);
	return length;
}

int fprintf(FILE *file, const char *format, ...)
{
	va_list list;
	int length;

	va_start(list, format);
	length = vfprintf(file, format, list);
	va_end(list);
	return length;
}

int dprintf(int fd, const char *format, ...)
{
	char text[1024];
	va_list list;
	int length;

	va_start(list, format);
	length = vsnprintf(text, sizeof(text), format, list);
	va_end(list);
	return write(fd, text, length < (int)sizeof(text) ? length : (int)sizeof(text) - 1);
}

int fgetc(FILE *file)
{
	if (file->pushed != EOF) {
		int c = file->pushed;

		file->pushed = EOF;
		return c;
	}
	if (file->writing)
		flush_one(file);
	if (file->at == file->filled) {
		ssize_t got = read(file->fd, file->buffer, BUFSIZ);

		file->at = 0;
		file->filled = got > 0 ? got : 0;
		file->failed |= got < 0;
		file->ended |= got == 0;
		if (got <= 0)
			return EOF;
	}
	return (unsigned char)file->buffer[file->at++];
}

int getc(FILE *file)
{
	return fgetc(file);
}

int getchar(void)
{
	return fgetc(stdin);
}

int ungetc(int c, FILE *file)
{
	file->pushed = c;
	file->ended = 0;
	return c;
}

char *fgets(char *to, int size, FILE *file)
{
	int length = 0;

	while (length + 1 < size) {
		int c = fgetc(file);

		if (c == EOF)
			break;
		to[length++] = c;
		if (c == '\n')
			break;
	}
	if (length == 0)
		return NULL;
	to[length] = '\0';
	return to;
}

size_t fread(void *to, size_t size, size_t count, FILE *file)
{
	char *bytes = to;
	size_t at;

	for (at = 0; at < size * count; at++) {
		int c = fgetc(file);

		if (c == EOF)
			break;
		bytes[at] = c;
	}
	return size ? at / size : 0;
}

FILE *fdopen(int fd, const char *mode)
{
	FILE *file = calloc(1, sizeof(*file));

	(void)mode;
	if (!file)
		return NULL;
	file->fd = fd;
	file->pushed = EOF;
	file->next = all;
	all = file;
	return file;
}

FILE *fopen(const char *path, const char *mode)
{
	int both = strchr(mode, '+') != NULL;
	int flags = both ? O_RDWR : mode[0] == 'r' ? O_RDONLY : O_WRONLY;
	FILE *file;
	int fd;

	if (mode[0] == 'w')
		flags |= O_CREAT | O_TRUNC;
	else if (mode[0] == 'a')
		flags |= O_CREAT | O_APPEND;
	else if (mode[0] != 'r') {
		errno = EINVAL;
		return NULL;
	}
	fd = open(path, flags, 0666);
	if (fd < 0)
		return NULL;
	file = fdopen(fd, mode);
	if (!file)
		close(fd);
	return file;
}

int fclose(FILE *file)
{
	int result = file->writing ? flush_one(file) : 0;

	if (close(file->fd) < 0)
		result = EOF;
	for (FILE **link = &all; *link; link = &(*link)->next) {
		if (*link != file)
			continue;
		*link = file->next;
		break;
	}
	if (file != &in && file != &out && file != &error)
		free(file);
	return result;
}

int fseek(FILE *file, long offset, int whence)
{
	if (file->writing)
		flush_one(file);
	else if (whence == SEEK_CUR)
		offset -= file->filled - file->at;
	file->at = file->filled = 0;
	file->pushed = EOF;
	file->ended = 0;
	return lseek(file->fd, offset, whence) < 0 ? -1 : 0;
}

long ftell(FILE *file)
{
	long position = lseek(file->fd, 0, SEEK_CUR);

	if (position < 0)
		return -1;
	return file->writing ? position + (long)file->at : position - (long)(file->filled - file->at);
}

void rewind(FILE *file)
{
	fseek(file, 0, SEEK_SET);
	file->failed = 0;
}

int feof(FILE *file)
{
	return file->ended;
}

int ferror(FILE *file)
{
	return file->failed;
}

void clearerr(FILE *file)
{
	file->ended = file->failed = 0;
}

int fileno(FILE *file)
{
	return file->fd;
}

int setvbuf(FILE *file, char *buffer, int mode, size_t size)
{
	(void)buffer;
	(void)size;
	file->mode = mode;
	return 0;
}

void perror(const char *text)
{
	int number = errno;

	if (text && *text)
		fprintf(stderr, "%s: ", text);
	fprintf(stderr, "%s\n", strerror(number));
}
