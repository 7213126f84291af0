/**
 * Random sets of probes come and go while a workload runs; the workload's result, the text after removal and the memory it
 * wrote are those of an unprobed run. KPROBE_LAB_SEED repeats a run, KPROBE_LAB_OPERATIONS makes it longer.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HostProbe, HostProbeSpec } from '../../emulator/kprobes/types';
import { type Tiny, tiny } from './tiny';

const seed = Number(process.env.KPROBE_LAB_SEED ?? 20261124);
const operations = Number(process.env.KPROBE_LAB_OPERATIONS ?? 300);

/** Every kind of instruction that matters: stack, flags, branches, calls through registers, strings, rip-relative. */
const BODY = `
.type entry, @function
entry:
  push %rbx
  push %r12
  lea buffer(%rip), %rdi
  xor %eax, %eax
  mov $16, %ecx
  rep stosq
  mov $12, %edi
  call fibonacci
  mov %rax, buffer(%rip)
  lea shuffle(%rip), %rax
  mov $77, %edi
  call *%rax
  mov %rax, buffer+8(%rip)
  lea shuffle(%rip), %r11
  mov $78, %edi
  call *%r11
  mov %rax, buffer+16(%rip)
  call copy
  call flags
  mov buffer(%rip), %rax
  add buffer+8(%rip), %rax
  add buffer+16(%rip), %rax
  add buffer+24(%rip), %rax
  pop %r12
  pop %rbx
  ret
.size entry, .-entry
.type fibonacci, @function
fibonacci:
  push %rbp
  mov %rsp, %rbp
  push %rbx
  push %rdi
  cmp $2, %edi
  jae 1f
  mov %edi, %eax
  jmp 2f
1:
  lea -1(%rdi), %edi
  call fibonacci
  mov %eax, %ebx
  mov -16(%rbp), %rdi
  sub $2, %edi
  call fibonacci
  add %ebx, %eax
2:
  pop %rdi
  pop %rbx
  leave
  ret
.size fibonacci, .-fibonacci
.type shuffle, @function
shuffle:
  mov $9, %ecx
  mov %edi, %eax
1:
  imul $1103515245, %eax, %eax
  rol $7, %eax
  xor seedword(%rip), %eax
  test $1, %al
  jz 2f
  add $12345, %eax
  bswap %eax
2:
  loop 1b
  movzwl %ax, %edx
  setc %cl
  movzbl %cl, %ecx
  add %rdx, %rcx
  shl $3, %rcx
  lea (%rcx,%rdx,2), %rax
  ret
.size shuffle, .-shuffle
.type copy, @function
copy:
  lea buffer(%rip), %rsi
  lea buffer+64(%rip), %rdi
  mov $3, %ecx
  cld
  rep movsq
  lock xadd %rcx, buffer+40(%rip)
  xchg %rdx, buffer+48(%rip)
  jmp *tail(%rip)
tail_code:
  ret
.size copy, .-copy
.type flags, @function
flags:
  pushf
  pop %rax
  and $0xed5, %eax
  push %rax
  popf
  cmc
  sbb %rax, %rax
  cmovs seedword(%rip), %eax
  mov %rax, buffer+24(%rip)
  ret
.size flags, .-flags
.section .data
seedword: .quad 0x5eed1234
tail: .quad tail_code
.p2align 3
buffer: .skip 128
.text
`;

const FUNCTIONS = ['entry', 'fibonacci', 'shuffle', 'copy', 'flags'];

test(`random probes leave no trace (seed ${seed}, ${operations} operations)`, () => {
  const reference = tiny(BODY);
  const result = reference.run();
  const buffer = reference.kernel.guest.peek(reference.address('buffer'), 128);
  const machine = tiny(BODY);
  const before = text(machine);
  const random = generator(seed);
  const places = FUNCTIONS.flatMap((symbol) => {
    const hit = machine.kernel.symbols.at(machine.address(symbol));
    const starts = machine.kprobes.instructionStarts(hit?.address ?? 0n, hit?.size ?? 0) ?? new Set<number>();
    return [...starts].map((offset) => ({ symbol, offset }));
  });
  const placed: HostProbe[] = [];
  let hits = 0;
  const count = () => {
    hits++;
    return undefined;
  };
  for (let operation = 0; operation < operations; operation++) {
    const choice = random() % 10;
    if (choice < 5 || placed.length === 0) {
      const at = places[random() % places.length];
      const probe = machine.kprobes.registerHost(randomSpec(at, random, count));
      if (!('errno' in probe)) placed.push(probe);
      else assert.match(probe.name, /EOPNOTSUPP|EINVAL/, `${at.symbol}+${at.offset}: ${probe.reason}`);
    } else if (choice < 8) {
      const [gone] = placed.splice(random() % placed.length, 1);
      machine.kprobes.unregisterHost(gone);
    } else if (choice === 8) machine.kprobes.setEnabled(placed[random() % placed.length], random() % 2 === 0);
    else {
      machine.machine.clock += 30_000_000;
      machine.kprobes.tick();
    }
    if (operation % 10 === 9) {
      assert.equal(machine.run(), result, `operation ${operation}, probes: ${describe(machine)}`);
      assert.deepEqual(machine.kernel.guest.peek(machine.address('buffer'), 128), buffer);
    }
  }
  assert.ok(hits > operations, `only ${hits} hits`);
  for (const probe of placed) machine.kprobes.unregisterHost(probe);
  assert.deepEqual(text(machine), before);
  assert.deepEqual(machine.kprobes.list(), []);
  assert.equal(machine.run(), result);
});

function randomSpec(
  at: { symbol: string; offset: number },
  random: () => number,
  count: () => undefined,
): HostProbeSpec {
  const owner = random() % 3 === 0 ? 'debugger' : 'trace';
  if (at.offset === 0 && at.symbol !== 'entry' && random() % 2 === 0) {
    return { at, kind: 'return', owner, maxactive: 1 + (random() % 8), entry: count, onReturn: count };
  }
  const post = random() % 3 === 0 ? { post: count } : {};
  return { at, kind: 'entry', owner, disabled: random() % 5 === 0, pre: count, ...post };
}

function describe(machine: Tiny): string {
  return machine.kprobes
    .list()
    .map((info) => `${info.kind} ${info.symbol}+${info.offset} ${info.path.path}`)
    .join(', ');
}

function text(machine: Tiny): Uint8Array | undefined {
  const end = machine.address('flags') + 0x80n;
  const start = machine.address('startup_64');
  return machine.kernel.guest.peek(start, Number(end - start));
}

/** A small seeded generator of 31-bit numbers (xorshift32). */
function generator(from: number): () => number {
  let state = from | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state & 0x7fffffff;
  };
}
