/**
 * The kernel's configuration: which CONFIG_ options exist, their values in each profile, what each needs.
 *
 * `lab` is what the article describes (entry probes are int3); `distribution` is a distribution's kernel
 * (KPROBES_ON_FTRACE). The result is given to the C compiler as defines and asked by the host's subsystems. Options that
 * Linux has but that change nothing here are refused, so that nobody believes to have switched something.
 */

export type KernelProfile = 'lab' | 'distribution';

/** One option. `needs` lists options that must be on for this one to be on; `value` is the default in both profiles. */
interface Option {
  value: 'y' | 'n' | number;
  distribution?: 'y' | 'n';
  needs?: readonly string[];
  help: string;
}

const OPTIONS: Readonly<Record<string, Option>> = {
  KALLSYMS: { value: 'y', help: 'Symbol table in the kernel: symbol names in probes, %pS, /proc/kallsyms' },
  KALLSYMS_ALL: { value: 'y', needs: ['KALLSYMS'], help: 'Data symbols too' },
  MODULES: { value: 'y', help: 'Loadable modules' },
  MODULE_UNLOAD: { value: 'y', needs: ['MODULES'], help: 'rmmod' },
  KPROBES: { value: 'y', needs: ['MODULES', 'KALLSYMS'], help: 'Kprobes' },
  KRETPROBES: { value: 'y', needs: ['KPROBES'], help: 'Return probes' },
  OPTPROBES: { value: 'y', needs: ['KPROBES'], help: 'Jump optimisation of kprobes' },
  KPROBES_ON_FTRACE: {
    value: 'n',
    distribution: 'y',
    needs: ['KPROBES', 'DYNAMIC_FTRACE'],
    help: 'Entry probes use the ftrace site instead of int3',
  },
  DYNAMIC_FTRACE: {
    value: 'n',
    distribution: 'y',
    needs: ['FUNCTION_TRACER'],
    help: 'A five-byte nop at every traceable function entry',
  },
  FUNCTION_TRACER: { value: 'n', distribution: 'y', needs: ['FTRACE'], help: 'Function tracer' },
  FTRACE: { value: 'y', help: 'Tracers' },
  KPROBE_EVENTS: { value: 'y', needs: ['KPROBES', 'FTRACE'], help: 'kprobe_events in tracefs' },
  KPROBE_EVENTS_ON_NOTRACE: { value: 'n', needs: ['KPROBE_EVENTS'], help: 'Events on notrace functions' },
  DYNAMIC_EVENTS: { value: 'y', needs: ['FTRACE'], help: 'dynamic_events in tracefs' },
  HIST_TRIGGERS: { value: 'y', needs: ['FTRACE'], help: 'Histogram triggers' },
  SYNTH_EVENTS: { value: 'y', needs: ['FTRACE'], help: 'Synthetic events' },
  TRACER_SNAPSHOT: { value: 'y', needs: ['FTRACE'], help: 'snapshot file and trigger' },
  UPROBES: { value: 'y', help: 'User probes (accepted; the lab has no user probes)' },
  DEBUG_FS: { value: 'y', help: '/sys/kernel/debug' },
  KPROBES_SANITY_TEST: { value: 'n', needs: ['KPROBES'], help: 'Self test of kprobes at boot' },
  DEBUG_ATOMIC_SLEEP: { value: 'y', help: 'Report sleeping in atomic context' },
  PREEMPTION: { value: 'n', help: 'Kernel preemption; turns probe boosting off' },
  SMP: { value: 'y', help: 'More than one CPU' },
  NET: { value: 'y', help: 'Networking' },
  INET: { value: 'y', needs: ['NET'], help: 'TCP/IP' },
  PRINTK: { value: 'y', help: 'Kernel log' },
  PRINTK_TIME: { value: 'y', needs: ['PRINTK'], help: 'Time stamps in the log' },
  BUG: { value: 'y', help: 'BUG and WARN' },
  NR_CPUS: { value: 8, help: 'Most CPUs' },
  HZ: { value: 250, help: 'Timer ticks per second' },
};

/** Older names of options, as articles have them. */
const ALIASES: Readonly<Record<string, string>> = {
  KPROBE_EVENT: 'KPROBE_EVENTS',
  PREEMPT: 'PREEMPTION',
  HAVE_KPROBES: 'KPROBES',
  KRETPROBE: 'KRETPROBES',
  OPTPROBE: 'OPTPROBES',
};

/** A complete configuration. Keys are without CONFIG_. */
export class KernelConfig {
  constructor(
    readonly profile: KernelProfile,
    private readonly values: ReadonlyMap<string, 'y' | 'n' | number>,
  ) {}

  /** True when the option is y. Throws on a name that does not exist (a programmer's mistake). */
  on(name: string): boolean {
    const value = this.values.get(name);
    if (value === undefined) throw new Error(`no such configuration option: CONFIG_${name}`);
    return value === 'y';
  }

  /** The value of a numeric option. */
  number(name: string): number {
    const value = this.values.get(name);
    if (typeof value !== 'number') throw new Error(`not a numeric configuration option: CONFIG_${name}`);
    return value;
  }

  /** Preprocessor definitions: CONFIG_X=1 for y, the number for numbers, nothing for n. */
  defines(): Record<string, string> {
    const defines: Record<string, string> = {};
    for (const [name, value] of this.values) {
      if (value === 'n') continue;
      defines[`CONFIG_${name}`] = value === 'y' ? '1' : String(value);
    }
    return defines;
  }

  /** The text of a .config file (/proc/config): `CONFIG_X=y`, `# CONFIG_X is not set`. */
  text(): string {
    const lines = [...this.values].map(([name, value]) =>
      value === 'n' ? `# CONFIG_${name} is not set` : `CONFIG_${name}=${value}`,
    );
    return `${lines.join('\n')}\n`;
  }
}

/** All options with their help, for completion and documentation. */
export function configOptions(): {
  name: string;
  value: string;
  distribution: string;
  needs: string[];
  help: string;
}[] {
  return Object.entries(OPTIONS).map(([name, option]) => ({
    name: `CONFIG_${name}`,
    value: String(option.value),
    distribution: String(option.distribution ?? option.value),
    needs: (option.needs ?? []).map((need) => `CONFIG_${need}`),
    help: option.help,
  }));
}

/**
 * Builds the configuration of a profile with overrides such as {CONFIG_OPTPROBES: 'n'}.
 *
 * An option whose need was switched off is switched off with it, as `make oldconfig` does; an option that the caller
 * asks for explicitly while a need of it is explicitly off is a problem. Returns problems in words instead of throwing,
 * because overrides come from a user's launch configuration.
 */
export function kernelConfig(
  profile: KernelProfile = 'lab',
  overrides: Readonly<Record<string, string>> = {},
): { config: KernelConfig; problems: string[] } {
  const problems: string[] = [];
  const values = new Map<string, 'y' | 'n' | number>();
  for (const [name, option] of Object.entries(OPTIONS)) {
    values.set(name, profile === 'distribution' ? (option.distribution ?? option.value) : option.value);
  }
  const asked = new Set<string>();
  for (const [given, text] of Object.entries(overrides)) {
    const short = given.replace(/^CONFIG_/, '');
    const name = ALIASES[short] ?? short;
    const option = OPTIONS[name];
    const value = option === undefined ? undefined : parseValue(option, text);
    if (option === undefined) problems.push(`unknown configuration option ${given}`);
    else if (value === undefined) problems.push(`${given}: ${expectation(option)}, not '${text}'`);
    else {
      values.set(name, value);
      if (value === 'y') asked.add(name);
    }
  }
  for (const name of asked) switchOnNeeds(name, values, overrides, problems);
  switchOffDependents(values);
  return { config: new KernelConfig(profile, values), problems };
}

function parseValue(option: Option, text: string): 'y' | 'n' | number | undefined {
  if (typeof option.value === 'number') return /^[1-9][0-9]{0,5}$/.test(text) ? Number(text) : undefined;
  const lower = text.toLowerCase();
  if (['y', 'yes', 'true', '1', 'on'].includes(lower)) return 'y';
  return ['n', 'no', 'false', '0', 'off'].includes(lower) ? 'n' : undefined;
}

function expectation(option: Option): string {
  return typeof option.value === 'number' ? 'a positive number is expected' : 'y or n is expected';
}

/** What is asked for brings what it needs, unless the same caller switched that off. */
function switchOnNeeds(
  name: string,
  values: Map<string, 'y' | 'n' | number>,
  overrides: Readonly<Record<string, string>>,
  problems: string[],
): void {
  for (const need of OPTIONS[name]?.needs ?? []) {
    if (values.get(need) === 'y') continue;
    const refused = Object.keys(overrides).some((given) => given.replace(/^CONFIG_/, '') === need);
    if (refused) problems.push(`CONFIG_${name} needs CONFIG_${need}, which is switched off`);
    else {
      values.set(need, 'y');
      switchOnNeeds(need, values, overrides, problems);
    }
  }
}

function switchOffDependents(values: Map<string, 'y' | 'n' | number>): void {
  for (let changed = true; changed; ) {
    changed = false;
    for (const [name, option] of Object.entries(OPTIONS)) {
      if (values.get(name) !== 'y' || (option.needs ?? []).every((need) => values.get(need) === 'y'))
        continue;
      values.set(name, 'n');
      changed = true;
    }
  }
}
