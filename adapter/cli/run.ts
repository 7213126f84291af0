/**
 * kprobe-lab run MODULE.c: compile, boot, insmod, a console line, rmmod; what the machine's console shows goes to stdout.
 */
import { KernelConsole } from '../../emulator/kernel/console';
import { errnoName } from '../../emulator/kernel/errno';
import { type CommandLine, split, UsageError, values } from './arguments';
import { Console, quote } from './console';
import { Failure } from './failure';
import { diskFiles } from './files';
import { bootLab, report } from './machine';

/** Something for a probe to see: files are opened, read and written, processes are made. */
const WORKLOAD = 'cat /etc/hostname; echo lab > /tmp/written; cat /tmp/written; ls /root > /tmp/listed';

export function runCommand(line: CommandLine): number {
  const [path, ...rest] = line.words;
  if (path === undefined || rest.length > 0) throw new UsageError('run needs one module source');
  const files = diskFiles();
  if (!files.has(path)) throw new Failure(`no such file: ${path}`);
  const parameters = values(line, '--param');
  for (const parameter of parameters) split('--param', parameter);
  const lab = bootLab(line.kernel);
  const compiled = lab.compileModule(path, files);
  report(compiled.diagnostics, files);
  if (compiled.bytes === undefined) throw new Failure(`${path} does not compile`);
  const file = `/root/${compiled.name}.ko`;
  lab.addFile(file, compiled.bytes);
  let refusal: string | undefined;
  lab.onEvent((event) => {
    if (event.kind === 'console') process.stdout.write(`${KernelConsole.line(event.record)}\n`);
    else if (event.kind === 'tty') process.stdout.write(event.text);
    else if (event.kind === 'moduleFailed') refusal = `${event.reason} (-${errnoName(event.errno)})`;
  });
  const console = new Console(lab);
  console.boot();
  const step = (name: string, text: string) => {
    const status = console.line(text);
    if (status !== 0)
      throw new Failure(`${name} failed with status ${status}${refusal === undefined ? '' : `: ${refusal}`}`);
  };
  step(`insmod of ${compiled.name}`, ['insmod', file, ...parameters.map(quote)].join(' '));
  const shell = values(line, '--sh');
  for (const text of shell.length > 0 ? shell : [WORKLOAD]) step(`'${text}'`, text);
  step(`rmmod of ${compiled.name}`, `rmmod ${compiled.name}`);
  return 0;
}
