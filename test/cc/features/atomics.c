#include "check.h"

int main(void)
{
	int i = 5;
	long l = 10;
	unsigned char c = 250;
	int expected = 5;

	ASSERT(5, __atomic_load_n(&i, __ATOMIC_SEQ_CST));
	__atomic_store_n(&i, 6, __ATOMIC_SEQ_CST);
	__atomic_store_n(&i, 7, __ATOMIC_RELEASE);
	ASSERT(7, i);
	ASSERT(7, __atomic_exchange_n(&i, 8, __ATOMIC_SEQ_CST));
	ASSERT(8, __atomic_fetch_add(&i, 2, __ATOMIC_RELAXED));
	ASSERT(12, __atomic_add_fetch(&i, 2, __ATOMIC_RELAXED));
	ASSERT(12, __sync_fetch_and_sub(&i, 3));
	ASSERT(9, i);
	ASSERT(9, __atomic_fetch_and(&i, 3, __ATOMIC_SEQ_CST));
	ASSERT(5, __atomic_or_fetch(&i, 4, __ATOMIC_SEQ_CST));
	ASSERT(5, __atomic_fetch_xor(&i, 1, __ATOMIC_SEQ_CST));
	ASSERT(4, i);
	ASSERT(-5, __atomic_nand_fetch(&i, 12, __ATOMIC_SEQ_CST));
	i = 4;
	ASSERT(0, __atomic_compare_exchange_n(&i, &expected, 9, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST));
	ASSERT(4, expected);
	ASSERT(1, __atomic_compare_exchange_n(&i, &expected, 9, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST));
	ASSERT(9, i);
	ASSERT(10, __sync_val_compare_and_swap(&l, 10, 11));
	ASSERT(11, __sync_val_compare_and_swap(&l, 10, 12));
	ASSERT(1, __sync_bool_compare_and_swap(&l, 11, 1L << 40));
	ASSERT(1L << 40, l);
	ASSERT(250, __atomic_fetch_add(&c, 10, __ATOMIC_SEQ_CST));
	ASSERT(4, c);
	ASSERT(255, __atomic_sub_fetch(&c, 5, __ATOMIC_SEQ_CST));
	__sync_synchronize();
	RESULT();
}
