/* Recursion, trees and indirect calls. */
struct tree {
  struct tree *left, *right;
  unsigned key;
};
static struct tree pool[256];
static int used;

static __attribute__((noinline)) unsigned fibonacci(unsigned n) {
  return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}
static __attribute__((noinline)) unsigned ackermann(unsigned m, unsigned n) {
  if (!m) return n + 1;
  if (!n) return ackermann(m - 1, 1);
  return ackermann(m - 1, ackermann(m, n - 1));
}
static __attribute__((noinline)) struct tree *insert(struct tree *at, unsigned key) {
  if (!at) {
    at = &pool[used++];
    at->left = at->right = 0;
    at->key = key;
  } else if (key < at->key) at->left = insert(at->left, key);
  else if (key > at->key) at->right = insert(at->right, key);
  return at;
}
static __attribute__((noinline)) unsigned long total(const struct tree *at) {
  return at ? total(at->left) + at->key + total(at->right) : 0;
}
static unsigned long plus(unsigned long x) { return x + 3; }
static unsigned long times(unsigned long x) { return x * 5; }
static unsigned long shifted(unsigned long x) { return x ^ x >> 7; }
static unsigned long (*volatile operations[3])(unsigned long);

unsigned long work(unsigned long iterations) {
  unsigned long sum = 0;
  operations[0] = plus;
  operations[1] = times;
  operations[2] = shifted;
  unsigned seed = 1;
  for (unsigned long n = 0; n < iterations; n++) {
    sum += fibonacci(15) + ackermann(2, 9);
    struct tree *root = 0;
    used = 0;
    for (int i = 0; i < 200; i++) {
      seed = seed * 1664525 + 1013904223;
      root = insert(root, seed >> 8);
    }
    sum += total(root);
    for (int i = 0; i < 1000; i++) sum = operations[i % 3](sum);
  }
  return sum;
}
