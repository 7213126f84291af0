/**
 * kprobe-lab exec PROG [ARG…]: run a program in user mode of the lab kernel; its output and exit code are ours.
 */
import { readFileSync } from 'node:fs';
import { kernelSources } from 'kernel-sources';
import { ElfError, readExecutable } from '../../emulator/cc/elf/read';
import type { Image } from '../../emulator/cc/image';
import type { LoadedImage } from '../../emulator/kernel/types';
import { compileUser } from '../../emulator/lab/compile';
import { type CommandLine, split, UsageError, values } from './arguments';
import { Failure } from './failure';
import { diskFiles } from './files';
import { bootLab, buildCache, explainStop, report, runUntil } from './machine';

/** The first process: runs the program named in a file and powers off with its exit code. */
const RUNNER = 'user/lab/run_program.c';
const PROGRAM = 'program';
const PROGRAM_PATH = `/root/${PROGRAM}`;
const ARGUMENTS_PATH = '/root/arguments';
const LIMIT = 100_000_000_000;

export function execCommand(line: CommandLine): number {
  const [path, ...argumentsOf] = line.words;
  if (path === undefined) throw new UsageError('exec needs a program');
  const { bytes, image } = path.endsWith('.c') ? compileProgram(path, line) : executable(path);
  const runner = compileUser(RUNNER, kernelSources, kernelSources, { cache: buildCache });
  report(runner.diagnostics, kernelSources);
  if (runner.bytes === undefined) throw new Failure('the program that starts programs does not compile');
  const lab = bootLab(line.kernel, { commandLine: 'quiet' });
  const loaded: LoadedImage = { name: path, kind: 'user', image, initFreed: false };
  const end = image.base + BigInt(image.size);
  lab.kernel.userImage = (task, address) =>
    lab.kernel.tasks.read(task).comm === PROGRAM && address >= image.base && address < end
      ? loaded
      : undefined;
  lab.addFile(PROGRAM_PATH, bytes, 0o755);
  lab.addFile(
    ARGUMENTS_PATH,
    new TextEncoder().encode([path, ...argumentsOf].map((word) => `${word}\0`).join('')),
  );
  lab.addFile('/init', runner.bytes, 0o755);
  lab.onEvent((event) => {
    if (event.kind === 'tty') process.stdout.write(event.text);
    else if (event.kind === 'console' && event.record.level <= 3)
      process.stderr.write(`${event.record.text}\n`);
  });
  const stop = runUntil(lab, LIMIT);
  if (stop.kind !== 'poweroff') throw new Failure(explainStop(stop));
  return lab.exitCode ?? 0;
}

/** A program's file, and what is known of its functions and lines. */
interface Program {
  bytes: Uint8Array;
  image: Image;
}

function compileProgram(path: string, line: CommandLine): Program {
  const files = diskFiles();
  if (!files.has(path)) throw new Failure(`no such file: ${path}`);
  const defines = values(line, '-D').map((text) =>
    text.includes('=') ? split('-D', text) : ([text, '1'] as const),
  );
  const result = compileUser(path, files, kernelSources, {
    includePaths: values(line, '-I'),
    defines: Object.fromEntries(defines),
    cache: buildCache,
  });
  report(result.diagnostics, files);
  if (result.bytes === undefined || result.image === undefined) throw new Failure(`${path} does not compile`);
  return { bytes: result.bytes, image: result.image };
}

function executable(path: string): Program {
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(readFileSync(path));
  } catch {
    throw new Failure(`no such file: ${path}`);
  }
  const elf =
    bytes.length > 20 && bytes[0] === 0x7f && bytes[1] === 0x45 && bytes[4] === 2 && bytes[18] === 0x3e;
  if (!elf) throw new Failure(`${path} is neither a C file nor an x86-64 executable`);
  try {
    return { bytes, image: readExecutable(bytes, path) };
  } catch (error) {
    if (error instanceof ElfError) throw new Failure(`${path}: ${error.message}`);
    throw error;
  }
}
