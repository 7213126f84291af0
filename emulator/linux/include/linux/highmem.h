/* Highmem is history: every page is in the direct map. */
#include <linux/mm.h>
