/** awk [-F FS] [-v NAME=VALUE]… [-f FILE | PROGRAM] [FILE | NAME=VALUE]…: POSIX awk with gawk's most used functions. */
import { errnoText } from '../../kernel/errno';
import { type Command, complain } from '../programs/program';
import { decode, readFile, type Task, write } from '../syscalls';
import type { AwkProgram } from './ast';
import { assignWord, MainInput } from './input';
import { Interpreter } from './interpreter';
import { AwkSyntaxError, unescapeString } from './lexer';
import { parseAwk } from './parser';
import { Streams } from './streams';
import { fromInput } from './values';
import { AwkError, Variables } from './variables';

const FAILED = 2;

interface Arguments {
  separator: string | undefined;
  assignments: string[];
  programFiles: string[];
  rest: string[];
  unknown: string | undefined;
}

function readArguments(argv: readonly string[]): Arguments {
  const result: Arguments = {
    separator: undefined,
    assignments: [],
    programFiles: [],
    rest: [],
    unknown: undefined,
  };
  let at = 1;
  for (; at < argv.length; at++) {
    const word = argv[at] ?? '';
    if (word === '--') {
      at++;
      break;
    }
    const option = /^-([Fvf])([\s\S]*)$/.exec(word);
    if (option === null) {
      if (/^-./.test(word)) result.unknown ??= word;
      break;
    }
    const value = option[2] === '' ? (argv[++at] ?? '') : (option[2] ?? '');
    if (option[1] === 'F') result.separator = value === 't' ? '\t' : unescapeString(value);
    else if (option[1] === 'v') result.assignments.push(value);
    else result.programFiles.push(value);
  }
  result.rest = argv.slice(at);
  return result;
}

/** Text of the program: of all -f files, or the first word. */
function* programText(given: Arguments): Task<{ text: string } | { failure: string }> {
  if (given.programFiles.length === 0) {
    const text = given.rest.shift();
    return text === undefined
      ? { failure: "usage: awk [-F FS] [-v NAME=VALUE] 'PROGRAM' [FILE…]" }
      : { text };
  }
  const texts: string[] = [];
  for (const name of given.programFiles) {
    const bytes = yield* readFile(name);
    if (typeof bytes === 'number') return { failure: `${name}: ${errnoText(bytes)}` };
    texts.push(decode(bytes));
  }
  return { text: texts.join('\n') };
}

export const awk: Command = function* (argv, environment) {
  const given = readArguments(argv);
  if (given.unknown !== undefined) return (yield* complain(argv, `unknown option ${given.unknown}`)) + 1;
  const source = yield* programText(given);
  if ('failure' in source) return (yield* complain(argv, source.failure)) + 1;
  let program: AwkProgram;
  try {
    program = parseAwk(source.text);
  } catch (error) {
    if (error instanceof AwkSyntaxError) return (yield* complain(argv, error.message)) + 1;
    throw error;
  }
  const variables = initialVariables(['awk', ...given.rest], environment);
  if (given.separator !== undefined) variables.set('FS', given.separator);
  for (const assignment of given.assignments) {
    if (!assignWord(variables, assignment))
      return (yield* complain(argv, `-v needs NAME=VALUE, not ${assignment}`)) + 1;
  }
  const streams = new Streams(environment);
  let status = 0;
  const input = new MainInput(
    variables,
    () => streams.flush(),
    function* (name, errno) {
      status = FAILED;
      return yield* complain(argv, `cannot open ${name}: ${errnoText(errno)}`);
    },
  );
  try {
    status = (yield* new Interpreter(program, variables, streams, input, environment).run()) || status;
  } catch (error) {
    if (!(error instanceof AwkError)) throw error;
    yield* streams.flush();
    yield* write(2, `awk: ${error.message}\n`);
    status = FAILED;
  }
  yield* streams.closeAll();
  return status;
};

function initialVariables(argv: readonly string[], environment: readonly string[]): Variables {
  const variables = new Variables();
  const values = { FS: ' ', OFS: ' ', ORS: '\n', RS: '\n', SUBSEP: '\x1c', CONVFMT: '%.6g', OFMT: '%.6g' };
  for (const [name, value] of Object.entries(values)) variables.set(name, value);
  for (const name of ['NR', 'FNR', 'RSTART']) variables.set(name, 0);
  variables.set('RLENGTH', -1);
  variables.set('ARGC', argv.length);
  for (const [index, word] of argv.entries()) variables.array('ARGV').set(String(index), fromInput(word));
  for (const entry of environment) {
    const equals = entry.indexOf('=');
    if (equals > 0)
      variables.array('ENVIRON').set(entry.slice(0, equals), fromInput(entry.slice(equals + 1)));
  }
  return variables;
}
