/**
 * The structures of kprobes in guest memory: struct kprobe, kretprobe, jprobe and the per-CPU control block.
 *
 * Members are found through debug information once and then read directly, because this is asked at every hit.
 */
import type { Guest } from '../kernel/guest';
import type { Field } from '../kernel/layout';
import type { PerCpuVariable } from '../kernel/percpu';

/** Access to struct kprobe (also the `kp` inside struct kretprobe and struct jprobe) at any address. */
export class KprobeStructs {
  readonly size: number;
  readonly kretprobeSize: number;
  /** Offset of kp in struct kretprobe and struct jprobe. */
  readonly kpInKretprobe: bigint;
  readonly kpInJprobe: bigint | undefined;
  readonly instanceSize: number;
  private readonly fields: Record<KprobeMember, Field>;
  private readonly ret: Record<KretprobeMember, Field>;
  private readonly instance: Record<InstanceMember, Field>;
  readonly holderSize: number;
  private readonly holder: Record<HolderMember, Field>;

  constructor(private readonly guest: Guest) {
    const { layouts } = guest;
    const all = <K extends string>(struct: string, names: readonly K[]) =>
      Object.fromEntries(names.map((name) => [name, layouts.field(struct, name)])) as Record<K, Field>;
    this.fields = all('kprobe', KPROBE_MEMBERS);
    this.ret = all('kretprobe', KRETPROBE_MEMBERS);
    this.instance = all('kretprobe_instance', INSTANCE_MEMBERS);
    this.holder = all('kretprobe_holder', HOLDER_MEMBERS);
    this.holderSize = layouts.sizeOf('kretprobe_holder');
    this.size = layouts.sizeOf('kprobe');
    this.kretprobeSize = layouts.sizeOf('kretprobe');
    this.kpInKretprobe = BigInt(layouts.field('kretprobe', 'kp').offset);
    const inJprobe = layouts.find('jprobe', 'kp');
    this.kpInJprobe = inJprobe === undefined ? undefined : BigInt(inJprobe.offset);
    this.instanceSize = layouts.field('kretprobe_instance', 'data').offset;
  }

  get(kprobe: bigint, member: KprobeMember): bigint {
    return this.guest.getField(this.fields[member], kprobe);
  }

  set(kprobe: bigint, member: KprobeMember, value: bigint): void {
    this.guest.setField(this.fields[member], kprobe, value);
  }

  flags(kprobe: bigint): number {
    return Number(this.get(kprobe, 'flags'));
  }

  setFlag(kprobe: bigint, flag: number, on: boolean): void {
    const flags = this.flags(kprobe);
    this.set(kprobe, 'flags', BigInt(on ? flags | flag : flags & ~flag));
  }

  /** Shows the copied instruction in the struct's ainsn, as far as the kernel's source has the members. */
  setCopy(
    kprobe: bigint,
    copy: { slot: bigint; length: number; boostable: boolean; emulated: boolean },
  ): void {
    const set = (member: string, value: bigint) => {
      const field = this.guest.layouts.find('kprobe', `ainsn.${member}`);
      if (field !== undefined) this.guest.setField(field, kprobe, value);
    };
    set('insn', copy.slot);
    set('tp_len', BigInt(copy.length));
    set('size', BigInt(copy.slot === 0n ? 0 : copy.length + 1));
    set('boostable', copy.boostable ? 1n : 0n);
    set('emulate', copy.emulated ? 1n : 0n);
  }

  miss(kprobe: bigint): void {
    this.set(kprobe, 'nmissed', this.get(kprobe, 'nmissed') + 1n);
  }

  /** A C int member of struct kretprobe, signed. */
  getReturn(kretprobe: bigint, member: KretprobeMember): bigint {
    const field = this.ret[member];
    const value = this.guest.getField(field, kretprobe);
    return field.size === 4 ? BigInt.asIntN(32, value) : value;
  }

  setReturn(kretprobe: bigint, member: KretprobeMember, value: bigint): void {
    this.guest.setField(this.ret[member], kretprobe, value);
  }

  getHolder(holder: bigint, member: HolderMember): bigint {
    return this.guest.getField(this.holder[member], holder);
  }

  setHolder(holder: bigint, member: HolderMember, value: bigint): void {
    this.guest.setField(this.holder[member], holder, value);
  }

  setInstance(instance: bigint, member: InstanceMember, value: bigint): void {
    this.guest.setField(this.instance[member], instance, value);
  }

  getInstance(instance: bigint, member: InstanceMember): bigint {
    return this.guest.getField(this.instance[member], instance);
  }
}

const KPROBE_MEMBERS = [
  'addr',
  'symbol_name',
  'offset',
  'pre_handler',
  'post_handler',
  'fault_handler',
  'opcode',
  'flags',
  'nmissed',
] as const;
export type KprobeMember = (typeof KPROBE_MEMBERS)[number];

const KRETPROBE_MEMBERS = ['handler', 'entry_handler', 'maxactive', 'nmissed', 'data_size', 'rph'] as const;
export type KretprobeMember = (typeof KRETPROBE_MEMBERS)[number];

const INSTANCE_MEMBERS = ['llist', 'rph', 'rp', 'ret_addr', 'fp', 'task'] as const;
export type InstanceMember = (typeof INSTANCE_MEMBERS)[number];

const HOLDER_MEMBERS = ['rp', 'free', 'taken', 'direct', 'probe'] as const;
export type HolderMember = (typeof HOLDER_MEMBERS)[number];

/** The per-CPU variables current_kprobe and kprobe_ctlblk of each CPU, where the guest can see what the host does. */
export class ControlBlocks {
  /** Offsets of the members in struct kprobe_ctlblk. */
  private readonly status: number;
  private readonly oldFlags: number;
  private readonly savedFlags: number;
  private readonly previousKprobe: number;
  private readonly previous: readonly [from: number, to: number][];

  constructor(
    private readonly guest: Guest,
    private readonly current: PerCpuVariable,
    private readonly blocks: PerCpuVariable,
  ) {
    const offset = (path: string) => guest.layouts.field('kprobe_ctlblk', path).offset;
    this.status = offset('kprobe_status');
    this.oldFlags = offset('kprobe_old_flags');
    this.savedFlags = offset('kprobe_saved_flags');
    this.previousKprobe = offset('prev_kprobe.kp');
    this.previous = [
      [this.status, offset('prev_kprobe.status')],
      [this.oldFlags, offset('prev_kprobe.old_flags')],
      [this.savedFlags, offset('prev_kprobe.saved_flags')],
    ];
  }

  currentKprobe(cpu: number): bigint {
    return this.guest.ram().getBigUint64(this.current.at(cpu), true);
  }

  setCurrent(cpu: number, kprobe: bigint): void {
    this.guest.putPhysical(this.current.at(cpu), kprobe);
  }

  getStatus(cpu: number): bigint {
    return this.guest.ram().getBigUint64(this.blocks.at(cpu) + this.status, true);
  }

  setStatus(cpu: number, status: bigint): void {
    this.guest.putPhysical(this.blocks.at(cpu) + this.status, status);
  }

  getSavedFlags(cpu: number): bigint {
    return this.guest.ram().getBigUint64(this.blocks.at(cpu) + this.savedFlags, true);
  }

  setSavedFlags(cpu: number, flags: bigint): void {
    const block = this.blocks.at(cpu);
    this.guest.putPhysical(block + this.savedFlags, flags);
    this.guest.putPhysical(block + this.oldFlags, flags);
  }

  /** Saves the running kprobe before a nested one (save_previous_kprobe). */
  savePrevious(cpu: number): void {
    const view = this.guest.ram();
    const block = this.blocks.at(cpu);
    this.guest.putPhysical(block + this.previousKprobe, this.currentKprobe(cpu));
    for (const [from, to] of this.previous)
      this.guest.putPhysical(block + to, view.getBigUint64(block + from, true));
  }

  /** Restores what savePrevious saved. */
  restorePrevious(cpu: number): void {
    const view = this.guest.ram();
    const block = this.blocks.at(cpu);
    this.setCurrent(cpu, view.getBigUint64(block + this.previousKprobe, true));
    for (const [from, to] of this.previous)
      this.guest.putPhysical(block + from, view.getBigUint64(block + to, true));
  }
}
