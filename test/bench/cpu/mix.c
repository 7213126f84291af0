/* CoreMark-like mix of our own: linked lists, matrices, a state machine, CRC. */
struct node {
  struct node *next;
  unsigned key, value;
};
static struct node nodes[128];
static int a[12][12], b[12][12], c[12][12];
static unsigned char text[256];

static unsigned crc16(unsigned crc, unsigned char byte) {
  for (int bit = 0; bit < 8; bit++) {
    unsigned low = (crc ^ byte) & 1;
    crc >>= 1;
    byte >>= 1;
    if (low) crc ^= 0xa001;
  }
  return crc;
}

static struct node *merge(struct node *x, struct node *y) {
  struct node head, *tail = &head;
  while (x && y) {
    if (x->key <= y->key) {
      tail->next = x;
      x = x->next;
    } else {
      tail->next = y;
      y = y->next;
    }
    tail = tail->next;
  }
  tail->next = x ? x : y;
  return head.next;
}

static struct node *sort(struct node *list, int length) {
  if (length < 2) return list;
  struct node *middle = list;
  for (int i = 1; i < length / 2; i++) middle = middle->next;
  struct node *second = middle->next;
  middle->next = 0;
  return merge(sort(list, length / 2), sort(second, length - length / 2));
}

static unsigned machine(const unsigned char *at, int length) {
  unsigned state = 0, counts = 0;
  for (int i = 0; i < length; i++) {
    switch (state) {
      case 0: state = at[i] < 64 ? 1 : at[i] < 128 ? 2 : 3; break;
      case 1: state = at[i] & 1 ? 4 : 0; break;
      case 2: state = at[i] & 2 ? 5 : 1; break;
      case 3: state = at[i] % 3; break;
      case 4: counts += at[i]; state = 5; break;
      default: counts ^= state + at[i]; state = 0;
    }
  }
  return counts;
}

unsigned long work(unsigned long iterations) {
  unsigned long sum = 0;
  unsigned seed = 12345;
  for (unsigned long n = 0; n < iterations; n++) {
    for (int i = 0; i < 128; i++) {
      seed = seed * 1103515245 + 12345;
      nodes[i].key = seed >> 16;
      nodes[i].value = i;
      nodes[i].next = i < 127 ? &nodes[i + 1] : 0;
    }
    struct node *list = sort(nodes, 128);
    unsigned crc = 0;
    for (struct node *at = list; at; at = at->next) crc = crc16(crc, (unsigned char)at->key);
    for (int i = 0; i < 12; i++)
      for (int j = 0; j < 12; j++) {
        a[i][j] = (int)(seed >> (i + j) & 63);
        b[i][j] = (int)(crc >> (j & 7)) + i;
      }
    for (int i = 0; i < 12; i++)
      for (int j = 0; j < 12; j++) {
        int total = 0;
        for (int k = 0; k < 12; k++) total += a[i][k] * b[k][j];
        c[i][j] = total;
      }
    for (int i = 0; i < 256; i++) text[i] = (unsigned char)(c[i % 12][i % 11] >> 3);
    sum = sum * 31 + crc + machine(text, 256);
  }
  return sum;
}
