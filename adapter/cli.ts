/**
 * kprobe-lab: the lab's machine without an editor. One file per command in cli/.
 *
 * Exit codes: 0 done, 1 the command's work failed (the reason is on stderr), 2 the command line is wrong; `exec` gives
 * the program's own.
 */
import { type CommandLine, parseCommandLine, UsageError } from './cli/arguments';
import { benchCommand } from './cli/bench';
import { compileCommand } from './cli/compile';
import { execCommand } from './cli/exec';
import { Failure } from './cli/failure';
import { kernelCommand } from './cli/kernel';
import { runCommand } from './cli/run';
import { shCommand } from './cli/sh';

const USAGE = `usage: kprobe-lab COMMAND [--profile lab|distribution] [--config CONFIG_X=y|n] [--cpus N] …

  run MODULE.c [--param NAME=VALUE] [--sh LINE]   compile, boot, insmod, LINE (or a small workload), rmmod
  sh [-c LINE | SCRIPT | --listen PORT]    the machine's console: interactive (debuggers may attach), a line, a script
  exec [-I DIR] [-D NAME=V] PROG [ARG…]    run a C file or a static x86-64 executable in user mode of the lab
  cc FILE.c [-o OUT.o] [-S]                compile to an ELF object with DWARF, or print the assembly
  kernel [-o vmlinux]                      write the kernel as ELF with DWARF
  bench [NAME]                             measure; prints JSON lines {name, value, unit}
`;

function dispatch(line: CommandLine): number | Promise<number> {
  switch (line.command) {
    case 'run':
      return runCommand(line);
    case 'sh':
      return shCommand(line);
    case 'exec':
      return execCommand(line);
    case 'cc':
      return compileCommand(line);
    case 'kernel':
      return kernelCommand(line);
    case 'bench':
      return benchCommand(line);
    default:
      process.stdout.write(USAGE);
      return 0;
  }
}

async function main(): Promise<number> {
  try {
    return await dispatch(parseCommandLine(process.argv.slice(2)));
  } catch (error) {
    if (error instanceof UsageError) {
      process.stderr.write(`kprobe-lab: ${error.message}\n${USAGE}`);
      return 2;
    }
    if (!(error instanceof Failure)) throw error;
    process.stderr.write(`kprobe-lab: ${error.message}\n`);
    return error.code;
  }
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(
      `kprobe-lab: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    process.exitCode = 70;
  },
);
