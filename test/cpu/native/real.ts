/** The real CPU: compiles harness.c, and runs cases through it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Code with the state it starts from; harness.c says how it runs. `patch` overwrites part of the window. */
export interface NativeCase {
  code: Uint8Array;
  /** Address of the code, in the code page. */
  start: number;
  /** 0: runs until it ends in an exception. Else it is single-stepped, this many instructions at most. */
  steps: number;
  seed: number;
  patchOffset: number;
  patch: Uint8Array;
  registers: bigint[];
  flags: number;
}

/**
 * State after a case. `vector` is the exception that ended it: 3 if the int3 behind the instruction was reached, 1 after
 * the last step, 256 for a system call.
 */
export interface Outcome {
  registers: bigint[];
  flags: number;
  rip: bigint;
  vector: number;
  error: number;
  cr2: bigint;
  memory: number;
  /** Instructions completed, in a single-stepped case. */
  steps: number;
}

const codeBytes = 32;
const caseBytes = codeBytes + 12 + 4 + 16 * 8 + 8 + 16;
const resultBytes = 16 * 8 + 8 + 8 + 4 + 4 + 8 + 8;

/** Compiles the harness into `directory` and returns its path. */
export function compileHarness(root: string, directory: string): string {
  const program = join(directory, 'harness');
  const source = join(root, 'test/cpu/native/harness.c');
  // Late binding would use thread-local memory while the cases' FS base is in force.
  const flags = ['-O1', '-fno-stack-protector', '-fcf-protection=none', '-Wl,-z,now'];
  execFileSync('gcc', [...flags, '-o', program, source]);
  return program;
}

/** Instruction-set names of this CPU as the kernel prints them, e.g. bmi2, adx, movbe. */
export function cpuFeatures(): ReadonlySet<string> {
  const line = /^flags\s*:\s*(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'));
  return new Set((line?.[1] ?? '').split(' '));
}

function serialize(cases: readonly NativeCase[]): Buffer {
  const bytes = Buffer.alloc(4 + cases.length * caseBytes, 0);
  bytes.writeUInt32LE(cases.length, 0);
  let at = 4;
  for (const test of cases) {
    bytes.fill(0xcc, at, at + codeBytes);
    bytes.set(test.code, at);
    const numbers = at + codeBytes;
    bytes.writeUInt32LE(test.start, numbers);
    bytes.writeUInt32LE(test.steps, numbers + 4);
    bytes.writeUInt32LE(test.seed, numbers + 8);
    bytes.writeUInt16LE(test.patchOffset, numbers + 12);
    bytes.writeUInt16LE(test.patch.length, numbers + 14);
    for (let register = 0; register < 16; register++) {
      bytes.writeBigUInt64LE(test.registers[register] ?? 0n, numbers + 16 + register * 8);
    }
    bytes.writeBigUInt64LE(BigInt(test.flags), numbers + 144);
    bytes.set(test.patch, numbers + 152);
    at += caseBytes;
  }
  return bytes;
}

/** Runs the cases natively. Throws if the harness died, naming nothing: then bisect with fewer cases. */
export function runReal(program: string, cases: readonly NativeCase[]): Outcome[] {
  const run = spawnSync(program, { input: serialize(cases), maxBuffer: cases.length * resultBytes + 4096 });
  if (run.status !== 0 || run.stdout.length !== cases.length * resultBytes) {
    throw new Error(`the native harness died (status ${run.status}, signal ${run.signal}): ${run.stderr}`);
  }
  const out = run.stdout;
  return cases.map((_, index) => {
    const at = index * resultBytes;
    return {
      registers: Array.from({ length: 16 }, (__, register) => out.readBigUInt64LE(at + register * 8)),
      flags: Number(out.readBigUInt64LE(at + 128)),
      rip: out.readBigUInt64LE(at + 136),
      vector: out.readUInt32LE(at + 144),
      error: out.readUInt32LE(at + 148),
      cr2: out.readBigUInt64LE(at + 152),
      memory: out.readUInt32LE(at + 160),
      steps: out.readUInt32LE(at + 164),
    };
  });
}
