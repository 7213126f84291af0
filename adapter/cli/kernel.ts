/**
 * kprobe-lab kernel [-o vmlinux]: write the kernel image as ELF with DWARF.
 */
import { writeFileSync } from 'node:fs';
import { kernelSources } from 'kernel-sources';
import { writeExecutable } from '../../emulator/cc/elf/write';
import { BuildCache, buildKernel } from '../../emulator/kernel/build';
import { kernelConfig } from '../../emulator/kernel/config';
import { type CommandLine, UsageError, values } from './arguments';
import { Failure } from './failure';
import { report } from './machine';

export function kernelCommand(line: CommandLine): number {
  if (line.words.length > 0) throw new UsageError('kernel takes no further words');
  const { config, problems } = kernelConfig(line.kernel.profile, line.kernel.config);
  if (problems.length > 0) throw new Failure(problems.join('\n'));
  const build = buildKernel(kernelSources, config, new BuildCache());
  report(build.diagnostics, kernelSources);
  if (build.image === undefined)
    throw new Failure(build.linkErrors.join('\n') || 'the kernel does not compile');
  const path = values(line, '-o').at(-1) ?? 'vmlinux';
  writeFileSync(path, writeExecutable(build.image));
  process.stdout.write(
    `${path}: ${build.units} units, ${build.image.size} bytes, ${build.image.symbols.length} symbols\n`,
  );
  return 0;
}
