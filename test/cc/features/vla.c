#include "check.h"

static int fill(int n)
{
	int a[n], sum = 0;

	for (int i = 0; i < n; i++)
		a[i] = i * i;
	for (int i = 0; i < n; i++)
		sum += a[i];
	return sum;
}

static long matrix(int rows, int columns)
{
	short m[rows][columns];

	for (int i = 0; i < rows; i++)
		for (int j = 0; j < columns; j++)
			m[i][j] = i * columns + j;
	return m[rows - 1][columns - 1] + sizeof m;
}

static int parameter(int n, int a[n][n]) { return a[n - 1][0] + sizeof a[0]; }

int main(void)
{
	long low = 0, high = 0;
	int square[3][3] = { { 1, 2, 3 }, { 4, 5, 6 }, { 7, 8, 9 } };

	ASSERT(285, fill(10));
	ASSERT(3 * 5 - 1 + 30, matrix(3, 5));
	ASSERT(7 + 12, parameter(3, square));
	for (int i = 1; i < 1000; i++) {
		char buffer[i % 50 + 1];

		buffer[i % 50] = i;
		if (i == 1)
			low = (long)buffer;
		high = (long)buffer;
		if (i % 3 == 0)
			continue;
		if (i == 998)
			break;
		ASSERT((char)i, buffer[i % 50]);
	}
	ASSERT(1, low - high < 200 && high - low < 200);
	RESULT();
}
