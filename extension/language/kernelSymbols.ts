/**
 * What the language server knows of the simulated kernel: its functions with their parameters, its data symbols.
 *
 * dist/kernel-symbols.json is made by the build from the compiled kernel's own debug information, so a hint never
 * disagrees with the machine.
 */

/** A function that has code. `parameters` in order: name and C declaration. */
export interface KernelFunction {
  name: string;
  file: string;
  line: number;
  returns: string;
  parameters: { name: string; type: string }[];
  /** Bytes of code, for offsets. */
  size: number;
  /** False when events may not probe it (notrace) or nobody may (nokprobe). */
  traceable: boolean;
}

export interface KernelSymbols {
  functions: KernelFunction[];
  /** Functions that exist in source but have no code of their own: no probe can name them. */
  inlined: { name: string; file: string; line: number }[];
  data: string[];
}

/** Registers that hold a function's integer arguments at its entry, in pt_regs' names (System V AMD64 ABI, 3.2.3). */
export const ARGUMENT_REGISTERS = ['di', 'si', 'dx', 'cx', 'r8', 'r9'] as const;

/** `long do_sys_open(int dfd, const char *filename, int flags, umode_t mode)` */
export function signature({ name, returns, parameters }: KernelFunction): string {
  const declare = ({ name: parameter, type }: { name: string; type: string }) =>
    type.endsWith('*') ? `${type}${parameter}` : `${type} ${parameter}`;
  const gap = returns.endsWith('*') ? '' : ' ';
  return `${returns}${gap}${name}(${parameters.map(declare).join(', ') || 'void'})`;
}

/** What a pt_regs register holds when a probe at the function's entry (or its return) is hit; undefined: nothing known. */
export function registerMeaning(
  func: KernelFunction,
  register: string,
  isReturn: boolean,
): string | undefined {
  if (register === 'ip') return isReturn ? 'where the function returned to' : 'the probed address + 1';
  if (register === 'sp') return isReturn ? "the caller's stack" : 'the return address is on top of the stack';
  if (isReturn) return register === 'ax' ? `the return value (${func.returns})` : undefined;
  const index = (ARGUMENT_REGISTERS as readonly string[]).indexOf(register);
  const parameter = func.parameters[index];
  return parameter && `${parameter.name} (${parameter.type})`;
}
