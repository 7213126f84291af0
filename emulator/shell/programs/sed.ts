/** sed [-nEsi] [-e SCRIPT] [-f FILE] [SCRIPT] [FILE…]: runs an edit script (sedscript.ts) over lines as they come. */
import { errnoText } from '../../kernel/errno';
import { close, decode, O_CREAT, O_TRUNC, O_WRONLY, open, readFile, rename, type Task } from '../syscalls';
import { type Command, complain } from './program';
import { Editor } from './sededit';
import { type EditCommand, parseScript, ScriptError } from './sedscript';

interface Invocation {
  script: string;
  files: string[];
  quiet: boolean;
  extended: boolean;
  inPlace: boolean;
}

function* readArguments(argv: readonly string[]): Task<Invocation | string> {
  const scripts: string[] = [];
  const rest: string[] = [];
  let [quiet, extended, inPlace] = [false, false, false];
  for (let at = 1; at < argv.length; at++) {
    const word = argv[at] ?? '';
    const letters = /^-([nErsiz]*)([ef]?)([\s\S]*)$/.exec(word);
    if (word === '-' || !word.startsWith('-')) rest.push(word);
    else if (letters === null || (letters[2] === '' && letters[3] !== '')) return `unknown option ${word}`;
    else {
      quiet ||= (letters[1] ?? '').includes('n');
      extended ||= /[Er]/.test(letters[1] ?? '');
      inPlace ||= (letters[1] ?? '').includes('i');
      if (letters[2] === '') continue;
      const value = letters[3] === '' ? (argv[++at] ?? '') : (letters[3] ?? '');
      if (letters[2] === 'e') scripts.push(value);
      else {
        const bytes = yield* readFile(value);
        if (typeof bytes === 'number') return `couldn't open file ${value}: ${errnoText(bytes)}`;
        scripts.push(decode(bytes).replace(/^#n\n/, '').replace(/\n$/, ''));
      }
    }
  }
  if (scripts.length === 0) {
    const script = rest.shift();
    if (script === undefined) return 'usage: sed [-nEi] SCRIPT [FILE…]';
    scripts.push(script);
  }
  return { script: scripts.join('\n'), files: rest, quiet, extended, inPlace };
}

const sed: Command = function* (argv) {
  const given = yield* readArguments(argv);
  if (typeof given === 'string') return yield* complain(argv, given);
  let commands: EditCommand[];
  try {
    commands = parseScript(given.script, given.extended);
  } catch (error) {
    if (error instanceof ScriptError || error instanceof SyntaxError)
      return yield* complain(argv, error.message);
    throw error;
  }
  if (!given.inPlace) return yield* new Editor(argv, commands, given.quiet).run(given.files, 1);
  let status = 0;
  for (const file of given.files) {
    const partial = `${file}.sed`;
    const fd = yield* open(partial, O_WRONLY | O_CREAT | O_TRUNC);
    if (fd < 0) {
      status = yield* complain(argv, `couldn't open ${partial}: ${errnoText(fd)}`);
      continue;
    }
    status = (yield* new Editor(argv, commands, given.quiet).run([file], fd)) || status;
    yield* close(fd);
    yield* rename(partial, file);
  }
  return status;
};

export const sedCommands: Readonly<Record<string, Command>> = { sed };
