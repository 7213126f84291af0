/**
 * The command line's grammar: a command, options that every command understands, the rest as given.
 *
 * Options may stand before or after the command's own words, until `--`; `exec` takes everything behind its program as the
 * program's arguments.
 */
import type { KernelProfile } from '../../emulator/kernel/config';

/** Which kernel to use: --config, --profile, --cpus. */
export interface KernelChoice {
  profile: KernelProfile;
  config: Record<string, string>;
  cpus: number | undefined;
}

/** A parsed command line. `options` are the command's own, in order. */
export interface CommandLine {
  command: string;
  words: string[];
  options: { name: string; value: string }[];
  kernel: KernelChoice;
}

/** A mistake in the command line, in words. */
export class UsageError extends Error {}

/** Own options of each command: true = takes a value. */
const OWN: Readonly<Record<string, Readonly<Record<string, boolean>>>> = {
  run: { '--param': true, '--sh': true },
  sh: { '-c': true, '--listen': true },
  exec: { '-I': true, '-D': true },
  cc: { '-o': true, '-S': false, '-I': true, '-D': true },
  kernel: { '-o': true },
  bench: {},
  help: {},
};

/** Reads the words behind the program's name. Throws UsageError. */
export function parseCommandLine(argv: readonly string[]): CommandLine {
  const line: CommandLine = {
    command: '',
    words: [],
    options: [],
    kernel: { profile: 'lab', config: {}, cpus: undefined },
  };
  for (let index = 0; index < argv.length; index++) {
    const word = argv[index];
    if (line.command === 'exec' && line.words.length > 0) {
      line.words.push(word);
      continue;
    }
    if (word === '--') {
      line.words.push(...argv.slice(index + 1));
      break;
    }
    if (!word.startsWith('-') || word === '-') {
      if (line.command === '') line.command = word;
      else line.words.push(word);
      continue;
    }
    index += option(line, word, argv[index + 1]);
  }
  if (line.command === '') throw new UsageError('no command is given');
  if (OWN[line.command] === undefined) throw new UsageError(`unknown command '${line.command}'`);
  return line;
}

/** Takes one option in; returns how many further words it used. */
function option(line: CommandLine, word: string, next: string | undefined): number {
  const equals = word.startsWith('--') ? word.indexOf('=') : -1;
  const name = equals < 0 ? word : word.slice(0, equals);
  const inline = equals < 0 ? undefined : word.slice(equals + 1);
  const value = () => {
    const found = inline ?? next;
    if (found === undefined) throw new UsageError(`${name} needs a value`);
    return found;
  };
  const used = inline === undefined ? 1 : 0;
  switch (name) {
    case '--help':
    case '-h':
      line.command = 'help';
      return 0;
    case '--config': {
      const [key, setting] = split(name, value());
      line.kernel.config[key] = setting;
      return used;
    }
    case '--profile': {
      const profile = value();
      if (profile !== 'lab' && profile !== 'distribution') {
        throw new UsageError(`--profile is lab or distribution, not '${profile}'`);
      }
      line.kernel.profile = profile;
      return used;
    }
    case '--cpus':
      if (!/^[1-9][0-9]*$/.test(value())) throw new UsageError(`--cpus needs a number, not '${value()}'`);
      line.kernel.cpus = Number(value());
      return used;
    default:
      return ownOption(line, name, inline, next);
  }
}

function ownOption(
  line: CommandLine,
  name: string,
  inline: string | undefined,
  next: string | undefined,
): number {
  const own = OWN[line.command] ?? {};
  const short = name.startsWith('--') ? name : name.slice(0, 2);
  const takesValue = own[short];
  if (takesValue === undefined) {
    throw new UsageError(
      line.command === ''
        ? `option ${name} stands before the command`
        : `${line.command} has no option ${name}`,
    );
  }
  if (!takesValue) {
    line.options.push({ name: short, value: '' });
    return 0;
  }
  const attached = short === name ? inline : name.slice(2);
  const value = attached ?? next;
  if (value === undefined) throw new UsageError(`${short} needs a value`);
  line.options.push({ name: short, value });
  return attached === undefined ? 1 : 0;
}

/** NAME=VALUE. */
export function split(option: string, text: string): [string, string] {
  const equals = text.indexOf('=');
  if (equals <= 0) throw new UsageError(`${option} needs NAME=VALUE, not '${text}'`);
  return [text.slice(0, equals), text.slice(equals + 1)];
}

/** Values of an option that may be given several times. */
export function values(line: CommandLine, name: string): string[] {
  return line.options.filter((each) => each.name === name).map((each) => each.value);
}
