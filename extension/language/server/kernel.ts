/** The kernel's symbols and headers as the server uses them: looked up by name, loaded once. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nearestNames } from '../../../emulator/kernel/nearest';
import type { KernelFunction, KernelSymbols } from '../kernelSymbols';

export class KernelKnowledge {
  private readonly functions: ReadonlyMap<string, KernelFunction>;
  private readonly inlined: ReadonlyMap<string, { file: string; line: number }>;
  private readonly data: ReadonlySet<string>;

  constructor(symbols: KernelSymbols) {
    this.functions = new Map(symbols.functions.map((func) => [func.name, func]));
    this.inlined = new Map(symbols.inlined.map((func) => [func.name, func]));
    this.data = new Set(symbols.data);
  }

  /** Reads dist/kernel-symbols.json beside the server's bundle. */
  static load(directory: string): KernelKnowledge {
    return new KernelKnowledge(
      JSON.parse(readFileSync(join(directory, 'kernel-symbols.json'), 'utf8')) as KernelSymbols,
    );
  }

  find(name: string): KernelFunction | undefined {
    return this.functions.get(name);
  }

  isData(name: string): boolean {
    return this.data.has(name);
  }

  /** Names of all functions that can carry a probe. */
  probeable(): KernelFunction[] {
    return [...this.functions.values()].filter((func) => func.traceable);
  }

  /** Why a name is no probe point, in one sentence, with the nearest names; undefined when it is one. */
  refusal(name: string): string | undefined {
    const func = this.functions.get(name);
    if (func) {
      return func.traceable
        ? undefined
        : `${name} is protected (notrace or NOKPROBE_SYMBOL): register_kprobe answers -EINVAL.`;
    }
    const inlined = this.inlined.get(name);
    if (inlined) {
      return `${name} is inlined into its callers (${inlined.file}:${inlined.line}) and has no address: register_kprobe answers -ENOENT. Probe a caller, or a line inside it.`;
    }
    if (this.data.has(name)) return `${name} is data, not code: register_kprobe answers -EINVAL.`;
    const near = nearestNames(name, this.functions.keys(), 3);
    const hint = near.length > 0 ? ` Near it: ${near.join(', ')}.` : '';
    return `The lab kernel has no symbol ${name}: register_kprobe answers -ENOENT.${hint}`;
  }
}
