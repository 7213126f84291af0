/* Copies, string functions and hashing. */
typedef unsigned long u64;
static unsigned char from[4096], to[4096];
static u64 keys[1024];
static unsigned values[1024];

static void copy(unsigned char *d, const unsigned char *s, u64 n) {
  while (n >= 8) {
    *(u64 *)d = *(const u64 *)s;
    d += 8;
    s += 8;
    n -= 8;
    __asm__ volatile("" ::: "memory");
  }
  while (n--) *d++ = *s++;
}

static u64 length(const unsigned char *s) {
  const unsigned char *p = s;
  while (*p) p++;
  return (u64)(p - s);
}

static int compare(const unsigned char *x, const unsigned char *y) {
  while (*x && *x == *y) x++, y++;
  return *x - *y;
}

static u64 fnv(const unsigned char *s, u64 n) {
  u64 hash = 0xcbf29ce484222325ul;
  for (u64 i = 0; i < n; i++) hash = (hash ^ s[i]) * 0x100000001b3ul;
  return hash;
}

static u64 mixWords(const u64 *s, u64 n) {
  u64 hash = n;
  for (u64 i = 0; i < n; i++) {
    u64 k = s[i] * 0x9e3779b97f4a7c15ul;
    hash ^= (k << 31 | k >> 33) * 0xc2b2ae3d27d4eb4ful;
    hash = (hash << 27 | hash >> 37) * 5 + 0x52dce729;
  }
  return hash;
}

unsigned long work(unsigned long iterations) {
  u64 sum = 0;
  for (u64 n = 0; n < iterations; n++) {
    for (int i = 0; i < 4095; i++) from[i] = (unsigned char)((i * 7 + n) % 255 + 1);
    from[4095] = 0;
    copy(to, from, 4096);
    sum += length(to) + (u64)compare(from, to) + fnv(to, 4096) + mixWords((const u64 *)to, 512);
    for (int i = 0; i < 1024; i++) keys[i] = 0, values[i] = 0;
    for (u64 i = 0; i < 700; i++) {
      u64 key = (i * n + i) * 2654435761ul | 1, slot = key >> 7 & 1023;
      while (keys[slot] && keys[slot] != key) slot = (slot + 1) & 1023;
      keys[slot] = key;
      values[slot] += (unsigned)i;
    }
    for (int i = 0; i < 1024; i++) sum = sum * 3 + values[i];
  }
  return sum;
}
