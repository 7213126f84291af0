/**
 * A session's context over a machine with a kernel of a hundred lines (test/kprobes/tiny-source.ts) and a C file of the
 * test's own: real compiler, CPU, int3 and kprobes, and nothing that takes seconds to boot.
 *
 * Requests are dispatched without a transport. When the C function `entry` returns, the machine is idle.
 */
import assert from 'node:assert/strict';
import type { DebugProtocol as P } from '@vscode/debugprotocol';
import { Context } from '../../adapter/context';
import { isRequestName, requestShapes } from '../../adapter/protocol/requests';
import { dispatch } from '../../adapter/requests';
import { Target } from '../../adapter/target/target';
import { assemble } from '../../emulator/cc/asm/assemble';
import { compile } from '../../emulator/cc/compile';
import { link } from '../../emulator/cc/link';
import { Machine } from '../../emulator/cpu/machine';
import { KERNEL_BASE } from '../../emulator/kernel/addresses';
import { loadKernel } from '../../emulator/kernel/boot';
import { kernelConfig } from '../../emulator/kernel/config';
import { Kernel } from '../../emulator/kernel/kernel';
import { Kprobes } from '../../emulator/kprobes/kprobes';
import type { Hit } from '../../emulator/kprobes/types';
import type { Lab, LabStop } from '../../emulator/lab';
import { setDescriptorTables } from '../kprobes/tiny';
import { tinyKernel } from '../kprobes/tiny-source';
import { protocolSchema } from './protocol-schema';
import { testHost } from './test-host';

/** The structures that the host reads, and what a module would use of kprobes. */
export const HEADER = `struct list_head { struct list_head *next, *prev; };
struct task_struct { int pid, tgid; char comm[16]; void *stack; unsigned flags; int exit_state; int __state; struct list_head tasks; void *kretprobe_instances; };
struct pt_regs { unsigned long r15, r14, r13, r12, bp, bx, r11, r10, r9, r8, ax, cx, dx, si, di, orig_ax, ip, cs, flags, sp, ss; };
struct kprobe { unsigned long nmissed; unsigned char *addr; const char *symbol_name; unsigned offset, pad;
 int (*pre_handler)(struct kprobe *, struct pt_regs *); void (*post_handler)(struct kprobe *, struct pt_regs *, unsigned long);
 int (*fault_handler)(struct kprobe *, struct pt_regs *, int); unsigned char opcode; unsigned flags; };
struct kretprobe { struct kprobe kp; void *handler, *entry_handler; int maxactive, nmissed; unsigned long data_size; struct kretprobe_holder *rph; };
struct kretprobe_holder { struct kretprobe *rp; void *free; int taken, direct; void *probe; };
struct kretprobe_instance { void *llist; struct kretprobe_holder *rph; struct kretprobe *rp; void *ret_addr; void *fp; struct task_struct *task; char data[]; };
struct prev_kprobe { struct kprobe *kp; unsigned long status, old_flags, saved_flags; };
struct kprobe_ctlblk { unsigned long kprobe_status, kprobe_old_flags, kprobe_saved_flags; struct prev_kprobe prev_kprobe; };
struct kprobe_call { void *fn; unsigned long arg0, arg1, arg2, arg3, result, phase, cursor, site, saved; };
struct lab_probe { struct lab_probe *next; struct kprobe *kp; struct kretprobe *rp; unsigned long hits, redirected, left_alone; };
struct lab_probe_site { struct lab_probe_site *chain; unsigned long address, following; struct kprobe *kprobe; struct lab_probe *newest;
 unsigned long direct, slot, slot_end, boosted, emulation, target, condition; };
extern struct task_struct init_task;
struct kprobe_ctlblk *keep_ctlblk; struct kprobe_call *keep_call; struct kretprobe_instance *keep_instance;
struct lab_probe *keep_probe; struct lab_probe_site *keep_site; struct kretprobe_holder *keep_holder;
struct kprobe *keep_kprobe; struct kretprobe *keep_kretprobe;
int register_kprobe(struct kprobe *p);
`;

export class TinyMachine {
  readonly events: P.Event[] = [];
  readonly context: Context;
  readonly target: Target;
  readonly kernel: Kernel;
  readonly kprobes: Kprobes;
  readonly machine: Machine;
  readonly #lines: string[];
  #wake: (() => void)[] = [];

  /** `source` is compiled as \`tiny.c\`; lines are found by \`#marker\` comments. */
  constructor(source: string) {
    const text = HEADER + source;
    this.#lines = text.split('\n');
    const { machine, kernel, kprobes, lab } = boot(text);
    this.machine = machine;
    this.kernel = kernel;
    this.kprobes = kprobes;
    const host = testHost();
    this.context = new Context(host, (event) => {
      valid(event, `event ${event.event}`);
      this.events.push(event);
      for (const wake of this.#wake.splice(0)) wake();
    });
    this.context.sources.addModuleFile('tiny.c', text);
    this.target = new Target(lab, host);
    this.context.adopt(this.target);
    this.context.table.attach(this.target.inspector, this.target.executions);
    this.context.data.attach(this.target.inspector);
  }

  line(marker: string): number {
    const index = this.#lines.findIndex((one) => one.includes(`#${marker}`));
    assert.ok(index >= 0, marker);
    return index + 1;
  }

  async request<Body>(command: string, args: unknown = {}): Promise<Body> {
    assert.ok(isRequestName(command), command);
    assert.equal(requestShapes[command](args, ''), undefined);
    valid({ type: 'request', seq: 1, command, arguments: args }, `request ${command}`);
    const body = await dispatch(command, this.context, args);
    // Through JSON, as the wire would carry it.
    const sent: unknown = body === undefined ? undefined : JSON.parse(JSON.stringify(body));
    valid(
      { type: 'response', seq: 2, request_seq: 1, success: true, command, body: sent },
      `answer to ${command}`,
    );
    return body as Body;
  }

  /** The next event of that name that has not been taken. */
  async event(name: string): Promise<Record<string, unknown>> {
    for (;;) {
      const index = this.events.findIndex((one) => one.event === name);
      if (index >= 0) return (this.events.splice(index, 1)[0]?.body ?? {}) as Record<string, unknown>;
      await new Promise<void>((resolve) => this.#wake.push(resolve));
    }
  }

  /** Lets it run to the next stop; the stop's body. */
  async run(): Promise<Record<string, unknown>> {
    this.target.resume();
    return this.event('stopped');
  }

  breakpoints(...markers: string[]): Promise<P.SetBreakpointsResponse['body']> {
    const breakpoints = markers.map((marker) => ({ line: this.line(marker) }));
    return this.request('setBreakpoints', { source: { path: 'tiny.c' }, breakpoints });
  }

  async frames(): Promise<P.StackFrame[]> {
    const { threads } = await this.request<P.ThreadsResponse['body']>('threads');
    const threadId = threads[0]?.id;
    const body = await this.request<P.StackTraceResponse['body']>('stackTrace', { threadId });
    return body.stackFrames;
  }

  /** `name:line` of the innermost frame. */
  async where(): Promise<string> {
    const [top] = await this.frames();
    return `${top?.name}:${top?.line}`;
  }

  /** Rows of a scope as `name = value`. */
  async scope(name: string, frameIndex = 0): Promise<string[]> {
    const frame = (await this.frames())[frameIndex];
    const { scopes } = await this.request<P.ScopesResponse['body']>('scopes', { frameId: frame?.id });
    const found = scopes.find((one) => one.name === name);
    if (!found) return [];
    const body = await this.request<P.VariablesResponse['body']>('variables', {
      variablesReference: found.variablesReference,
    });
    return body.variables.map((one) => `${one.name} = ${one.value}`);
  }

  async step(command: 'next' | 'stepIn' | 'stepOut', granularity = 'line'): Promise<string> {
    const { threads } = await this.request<P.ThreadsResponse['body']>('threads');
    await this.request(command, { threadId: threads[0]?.id, granularity });
    const stopped = await this.event('stopped');
    assert.ok(stopped.reason === 'step' || stopped.reason === 'breakpoint', JSON.stringify(stopped));
    return this.where();
  }

  async evaluate(expression: string): Promise<string> {
    const body = await this.request<P.EvaluateResponse['body']>('evaluate', { expression, context: 'watch' });
    return body.result;
  }

  global(name: string): number {
    return this.kernel.guest.u32(this.kernel.rawSymbol(name));
  }
}

function valid(message: P.ProtocolMessage | Record<string, unknown>, what: string): void {
  assert.deepEqual(protocolSchema().validate(message), [], what);
}

function boot(text: string): { machine: Machine; kernel: Kernel; kprobes: Kprobes; lab: Lab } {
  const provider = { read: (path: string) => (path === 'tiny.c' ? text : undefined) };
  const options = {
    includePaths: [],
    defines: {},
    target: 'kernel' as const,
    ftraceNops: false,
    optimize: true,
  };
  const compiled = compile('tiny.c', provider, options);
  assert.ok(compiled.object, JSON.stringify(compiled.diagnostics));
  const assembled = assemble(tinyKernel(''), { file: 'tiny.S' });
  assert.ok(assembled.object, JSON.stringify(assembled.errors));
  const linked = link([assembled.object, compiled.object], { name: 'vmlinux', base: KERNEL_BASE });
  assert.ok(linked.image, linked.errors.join('\n'));
  const { image } = linked;
  const machine = new Machine({ memoryBytes: 48 * 1024 * 1024, cpus: 1 });
  const kernel = new Kernel(machine, image, kernelConfig('lab', {}).config);
  loadKernel(machine, {
    image,
    initrd: new Uint8Array(0),
    commandLine: '',
    symbol: (name) => kernel.rawSymbol(name),
  });
  kernel.start();
  let pending: LabStop | undefined;
  const hold = (stop: LabStop) => {
    pending ??= stop;
    machine.requestStop();
  };
  const kprobes = new Kprobes(kernel, (hit: Hit) => hold({ kind: 'probe', cpu: hit.cpu, hit }));
  kernel.gates.define('lab_finished', () => {
    hold({ kind: 'idle' });
    return undefined;
  });
  kernel.gates.define('lab_fault', () => {
    hold({ kind: 'shutdown', cpu: 0, reason: 'an int3 that is nobody’s' });
    return undefined;
  });
  kernel.gates.bind((name) => kernel.findRaw(name));
  setDescriptorTables(kernel);
  const translate = (stop: ReturnType<Machine['run']>): LabStop => {
    const held = pending;
    pending = undefined;
    if (held) return held;
    return stop.kind === 'requested' ? { kind: 'paused', cpu: stop.cpu } : stop;
  };
  const lab = {
    machine,
    kernel,
    kprobes,
    stopOn: { oops: true, warn: false },
    exitCode: undefined,
    run: (budget: number) => translate(machine.run(budget)),
    step: (cpu: number) => translate(machine.step(cpu)),
    onEvent: (listener: (event: unknown) => void) =>
      kprobes.onEvent((event) => listener({ kind: 'probe', event })),
    inputBytes: () => undefined,
    past: false,
    replay: 'no',
    change: <Result>(_what: string, apply: () => Result) => apply(),
    later: (work: () => void) => work(),
  } as unknown as Lab;
  return { machine, kernel, kprobes, lab };
}
