/*
 * Streams: buffers in front of read(2) and write(2).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "internal.h"

/* _IOFBF for standard output becomes line buffering at its first use, if it is a terminal. */
#define UNDECIDED 3

static FILE standard_input = { .fd = 0, .mode = _IOFBF, .readable = 1, .unread = -1, .size = BUFSIZ };
static FILE standard_output = { .fd = 1, .mode = UNDECIDED, .writable = 1, .unread = -1, .size = BUFSIZ };
static FILE standard_error = { .fd = 2, .mode = _IONBF, .writable = 1, .unread = -1, .size = BUFSIZ };

FILE *const stdin = &standard_input;
FILE *const stdout = &standard_output;
FILE *const stderr = &standard_error;

static FILE *open_files;

static unsigned char *buffer_of(FILE *file)
{
	if (!file->buffer)
		file->buffer = file->own_buffer;
	return file->buffer;
}

/* Writes all of it. Returns 0, or EOF with the stream marked as failed. */
static int write_all(FILE *file, const unsigned char *from, size_t n)
{
	while (n) {
		ssize_t written = write(file->fd, from, n);

		if (written < 0) {
			if (errno == EINTR)
				continue;
			file->failed = 1;
			return EOF;
		}
		from += written;
		n -= written;
	}
	return 0;
}

static int flush_one(FILE *file)
{
	size_t n = file->position;

	if (!file->writing || !n)
		return 0;
	file->position = 0;
	return write_all(file, buffer_of(file), n);
}

int fflush(FILE *file)
{
	int ret = 0;

	if (file)
		return flush_one(file);
	ret |= flush_one(stdout);
	for (file = open_files; file; file = file->next)
		ret |= flush_one(file);
	return ret;
}

void __stdio_exit(void)
{
	fflush(NULL);
}

static int mode_flags(const char *mode)
{
	int plus = strchr(mode, '+') != NULL;

	switch (mode[0]) {
	case 'r':
		return plus ? O_RDWR : O_RDONLY;
	case 'w':
		return (plus ? O_RDWR : O_WRONLY) | O_CREAT | O_TRUNC;
	case 'a':
		return (plus ? O_RDWR : O_WRONLY) | O_CREAT | O_APPEND;
	default:
		errno = EINVAL;
		return -1;
	}
}

FILE *fdopen(int fd, const char *mode)
{
	int flags = mode_flags(mode);
	FILE *file;

	if (flags < 0)
		return NULL;
	file = calloc(1, sizeof(*file));
	if (!file)
		return NULL;
	file->fd = fd;
	file->mode = _IOFBF;
	file->size = BUFSIZ;
	file->unread = -1;
	file->readable = (flags & O_ACCMODE) != O_WRONLY;
	file->writable = (flags & O_ACCMODE) != O_RDONLY;
	file->next = open_files;
	open_files = file;
	return file;
}

FILE *fopen(const char *restrict path, const char *restrict mode)
{
	int flags = mode_flags(mode);
	int fd = flags < 0 ? -1 : open(path, flags | (strchr(mode, 'e') ? O_CLOEXEC : 0), 0666);
	FILE *file;

	if (fd < 0)
		return NULL;
	file = fdopen(fd, mode);
	if (!file)
		close(fd);
	return file;
}

int fclose(FILE *file)
{
	int ret = flush_one(file);
	FILE **p;

	ret |= close(file->fd);
	for (p = &open_files; *p; p = &(*p)->next) {
		if (*p == file) {
			*p = file->next;
			free(file);
			break;
		}
	}
	return ret ? EOF : 0;
}

int fileno(FILE *file)
{
	return file->fd;
}

int feof(FILE *file)
{
	return file->at_eof;
}

int ferror(FILE *file)
{
	return file->failed;
}

void clearerr(FILE *file)
{
	file->at_eof = file->failed = 0;
}

int setvbuf(FILE *restrict file, char *restrict buffer, int mode, size_t size)
{
	fflush(file);
	file->mode = mode;
	if (buffer && size) {
		file->buffer = (unsigned char *)buffer;
		file->size = size;
	}
	return 0;
}

void setbuf(FILE *restrict file, char *restrict buffer)
{
	setvbuf(file, buffer, buffer ? _IOFBF : _IONBF, BUFSIZ);
}

/* Makes sure that the buffer holds a byte to be read. */
static int fill(FILE *file)
{
	ssize_t n;

	if (!file->readable) {
		errno = EBADF;
		file->failed = 1;
		return EOF;
	}
	if (file->writing) {
		flush_one(file);
		file->writing = 0;
		file->position = file->end = 0;
	}
	if (file->position < file->end)
		return 0;
	if (file == stdin)
		flush_one(stdout);
	n = read(file->fd, buffer_of(file), file->mode == _IONBF ? 1 : file->size);
	file->position = 0;
	file->end = n > 0 ? n : 0;
	if (n == 0)
		file->at_eof = 1;
	if (n < 0)
		file->failed = 1;
	return n > 0 ? 0 : EOF;
}

int fgetc(FILE *file)
{
	if (file->unread >= 0) {
		int c = file->unread;

		file->unread = -1;
		return c;
	}
	if (fill(file))
		return EOF;
	return file->buffer[file->position++];
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
	if (c == EOF || file->unread >= 0)
		return EOF;
	file->unread = (unsigned char)c;
	file->at_eof = 0;
	return c;
}

size_t fread(void *restrict to, size_t size, size_t count, FILE *restrict file)
{
	size_t wanted = size * count, done = 0;

	while (done < wanted) {
		int c = fgetc(file);

		if (c == EOF)
			break;
		((unsigned char *)to)[done++] = (unsigned char)c;
	}
	return size ? done / size : 0;
}

char *fgets(char *restrict s, int size, FILE *restrict file)
{
	int n = 0, c = 0;

	while (n < size - 1 && c != '\n') {
		c = fgetc(file);
		if (c == EOF)
			break;
		s[n++] = (char)c;
	}
	if (!n)
		return NULL;
	s[n] = '\0';
	return s;
}

ssize_t getline(char **restrict line, size_t *restrict size, FILE *restrict file)
{
	size_t n = 0;
	int c = 0;

	while (c != '\n') {
		if (!*line || n + 2 > *size) {
			size_t bigger = *line && *size ? *size * 2 : 128;
			char *moved = realloc(*line, bigger);

			if (!moved)
				return -1;
			*line = moved;
			*size = bigger;
		}
		c = fgetc(file);
		if (c == EOF)
			break;
		(*line)[n++] = (char)c;
	}
	if (!n)
		return -1;
	(*line)[n] = '\0';
	return n;
}

size_t fwrite(const void *restrict from, size_t size, size_t count, FILE *restrict file)
{
	const unsigned char *bytes = from;
	size_t n = size * count, done = 0;
	int flush = 0;

	if (!file->writable) {
		errno = EBADF;
		file->failed = 1;
		return 0;
	}
	if (!file->writing) {
		/* What was read ahead is given back, so that the write lands where the reader was. */
		if (file->position < file->end)
			lseek(file->fd, (off_t)file->position - (off_t)file->end, SEEK_CUR);
		file->writing = 1;
		file->position = file->end = 0;
	}
	if (file->mode == UNDECIDED)
		file->mode = isatty(file->fd) ? _IOLBF : _IOFBF;
	if (file->mode == _IONBF)
		return write_all(file, bytes, n) ? 0 : count;
	while (done < n) {
		unsigned char c = bytes[done];

		if (file->position == file->size && flush_one(file))
			return done / size;
		buffer_of(file)[file->position++] = c;
		flush |= c == '\n';
		done++;
	}
	if (file->mode == _IOLBF && flush && flush_one(file))
		return 0;
	return count;
}

int fputc(int c, FILE *file)
{
	unsigned char byte = (unsigned char)c;

	return fwrite(&byte, 1, 1, file) ? byte : EOF;
}

int putc(int c, FILE *file)
{
	return fputc(c, file);
}

int putchar(int c)
{
	return fputc(c, stdout);
}

int fputs(const char *restrict s, FILE *restrict file)
{
	size_t length = strlen(s);

	return !length || fwrite(s, length, 1, file) ? 0 : EOF;
}

int puts(const char *s)
{
	return fputs(s, stdout) == EOF || putchar('\n') == EOF ? EOF : 0;
}

int fseek(FILE *file, long offset, int whence)
{
	flush_one(file);
	if (!file->writing && whence == SEEK_CUR)
		offset -= (long)(file->end - file->position);
	file->writing = 0;
	file->position = file->end = 0;
	file->unread = -1;
	file->at_eof = 0;
	return lseek(file->fd, offset, whence) < 0 ? -1 : 0;
}

long ftell(FILE *file)
{
	long at = lseek(file->fd, 0, SEEK_CUR);

	if (at < 0)
		return -1;
	return file->writing ? at + (long)file->position : at - (long)(file->end - file->position) - (file->unread >= 0);
}

void rewind(FILE *file)
{
	fseek(file, 0, SEEK_SET);
	file->failed = 0;
}

void perror(const char *s)
{
	int error = errno;

	if (s && *s)
		fprintf(stderr, "%s: %s\n", s, strerror(error));
	else
		fprintf(stderr, "%s\n", strerror(error));
}
