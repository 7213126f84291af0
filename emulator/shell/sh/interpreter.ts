/**
 * Executes parsed shell scripts: lists, pipelines, loops, functions, jobs. Every simple command that is no built-in is
 * a forked guest process that execs its file in /bin.
 *
 * Parsing is unbash's; expansion, redirection and built-ins have files of their own.
 */
import {
  type AndOr,
  type ArithmeticFor,
  type Case,
  type Command,
  type CommandNode,
  type CompoundList,
  type For,
  type ParsedScript,
  type Pipeline,
  parse,
  type Redirection,
  type Function as ShellFunction,
  type Statement,
  type TestExpression,
  type While,
} from 'unbash';
import { errnoText } from '../../kernel/errno';
import {
  close,
  decode,
  dup2,
  type Ended,
  execve,
  fork,
  type Program,
  pipe,
  readAll,
  SIGINT,
  setIgnored,
  stat,
  type Task,
  wait,
  write,
} from '../syscalls';
import { builtins } from './builtins';
import { Expander } from './expand';
import { matchesPattern } from './pattern';
import { RedirectError, redirect, withRedirections } from './redirect';
import { assignVariable, copyState, ExpansionError, environmentOf, type ShellState } from './state';
import { evaluateTest } from './test';
import { describe, signalText } from './texts';

/** Leaves loops, functions or the shell. */
export class Jump {
  constructor(
    readonly kind: 'break' | 'continue' | 'return' | 'exit',
    readonly count: number,
  ) {}
}

const DEFAULT_PATH = '/bin:/sbin:/usr/bin:/usr/sbin:/root';

export class Shell {
  readonly expander: Expander;

  constructor(
    readonly state: ShellState,
    readonly name: string,
  ) {
    this.expander = new Expander(state, (script) => this.substitute(script));
  }

  /** Parses and runs a text; the last status. Syntax errors are printed with their place. */
  *run(text: string): Task<number> {
    const script = parse(text);
    const error = script.errors?.[0];
    if (error) {
      const line = text.slice(0, error.pos).split('\n').length;
      yield* this.complain(`line ${line}: syntax error: ${error.message}`);
      this.state.status = 2;
      return 2;
    }
    return yield* this.script(script);
  }

  /** Runs parsed statements in this process. */
  *script(script: { commands: readonly Statement[] }): Task<number> {
    for (const statement of script.commands) yield* this.statement(statement);
    return this.state.status;
  }

  *complain(message: string): Task<void> {
    yield* write(2, `${this.name}: ${message}\n`);
  }

  private *statement(statement: Statement): Task<void> {
    const { command, background } = statement;
    if (background) {
      const pid = yield* this.subshell((child) => child.lastNode(command), true);
      if (pid < 0) {
        yield* this.complain(`fork: ${errnoText(pid)}`);
        this.state.status = 1;
        return;
      }
      const number = this.state.jobs.reduce((most, job) => Math.max(most, job.number), 0) + 1;
      this.state.jobs.push({ number, pid, command: describe(command) });
      this.state.lastBackground = pid;
      if (this.state.interactive) yield* write(2, `[${number}] ${pid}\n`);
      this.state.status = 0;
      return;
    }
    this.state.status = yield* this.node(command);
    if (this.state.status !== 0 && this.state.options.has('e') && command.type === 'Command') {
      throw new Jump('exit', this.state.status);
    }
  }

  private *node(node: AndOr | Pipeline | CommandNode): Task<number> {
    switch (node.type) {
      case 'AndOr':
        return yield* this.andOr(node);
      case 'Pipeline':
        return yield* this.pipeline(node);
      default:
        return yield* this.command(node);
    }
  }

  /** Runs the last thing that this process does: a simple command replaces it instead of being forked. */
  private *lastNode(node: AndOr | Pipeline | CommandNode): Task<number> {
    const only = node.type === 'Pipeline' && node.prefixes.length === 0 ? node.commands[0] : node;
    if (node.type === 'Pipeline' && node.commands.length > 1) return yield* this.node(node);
    if (only?.type !== 'Command' || this.state.traps.has('EXIT')) return yield* this.node(node);
    return yield* this.guarded(() => this.simple(only, true));
  }

  /** Runs statements, the last of them as the process's last. */
  private *lastList({ commands }: { commands: readonly Statement[] }): Task<number> {
    this.state.status = 0;
    for (const [index, statement] of commands.entries()) {
      const last = index === commands.length - 1 && !statement.background && !this.state.options.has('e');
      if (last) this.state.status = yield* this.lastNode(statement.command);
      else yield* this.statement(statement);
    }
    return this.state.status;
  }

  private *andOr({ commands, operators }: AndOr): Task<number> {
    let status = 0;
    const exitOnError = this.state.options.delete('e');
    for (const [index, command] of commands.entries()) {
      const operator = operators[index - 1];
      if (operator === '&&' && status !== 0) continue;
      if (operator === '||' && status === 0) continue;
      status = yield* this.node(command);
      this.state.status = status;
    }
    if (exitOnError) this.state.options.add('e');
    return status;
  }

  private *pipeline({ commands, operators, prefixes }: Pipeline): Task<number> {
    const negated = prefixes.filter((prefix) => prefix.type === 'Negation').length % 2 === 1;
    const [only] = commands;
    const status =
      commands.length === 1 && only ? yield* this.command(only) : yield* this.piped(commands, operators);
    return negated ? Number(status === 0) : status;
  }

  private *piped(commands: readonly CommandNode[], operators: readonly string[]): Task<number> {
    const pids: number[] = [];
    let input: number | undefined;
    for (const [index, command] of commands.entries()) {
      const last = index === commands.length - 1;
      const ends = last ? undefined : yield* pipe();
      if (typeof ends === 'number') {
        yield* this.complain(`pipe: ${errnoText(ends)}`);
        break;
      }
      const from = input;
      const both = operators[index] === '|&';
      const pid = yield* this.subshell(function* (child) {
        if (from !== undefined) {
          yield* dup2(from, 0);
          yield* close(from);
        }
        if (ends) {
          yield* dup2(ends[1], 1);
          if (both) yield* dup2(1, 2);
          yield* close(ends[0]);
          yield* close(ends[1]);
        }
        return yield* child.lastNode(command);
      }, false);
      if (from !== undefined) yield* close(from);
      if (ends) yield* close(ends[1]);
      input = ends?.[0];
      if (pid > 0) pids.push(pid);
    }
    const statuses: number[] = [];
    for (const pid of pids) statuses.push(yield* this.waitFor(pid));
    const failed = this.state.options.has('pipefail') ? statuses.filter((each) => each !== 0) : [];
    return failed.at(-1) ?? statuses.at(-1) ?? 0;
  }

  /** Forks; the child runs `body` with a copy of this shell. The child's pid or -errno. */
  private *subshell(body: (child: Shell) => Task<number>, background: boolean): Task<number> {
    const state = copyState(this.state);
    const { name } = this;
    return yield* fork(function* (): Program {
      const child = new Shell(copyState(state), name);
      yield* setIgnored(SIGINT, background);
      return yield* child.asProcess(() => body(child));
    });
  }

  /** Runs a body as a whole process: exit and uncaught complaints become its exit code. */
  *asProcess(body: () => Task<number>): Task<number> {
    this.state.status = yield* this.caught(body);
    const trap = this.state.traps.get('EXIT');
    if (trap === undefined) return this.state.status;
    this.state.traps.delete('EXIT');
    const { status } = this.state;
    yield* this.caught(() => this.run(trap));
    return status;
  }

  private *caught(body: () => Task<number>): Task<number> {
    try {
      return yield* body();
    } catch (error) {
      if (error instanceof Jump) return error.count;
      if (error instanceof ExpansionError || error instanceof RedirectError) {
        yield* this.complain(error.message);
        return 1;
      }
      throw error;
    }
  }

  /** Waits for a child; 128 + signal when a signal ended it. */
  *waitFor(pid: number): Task<number> {
    for (;;) {
      const ended: Ended | number | undefined = yield* wait(pid);
      if (ended === undefined) continue;
      if (typeof ended === 'number') {
        if (ended === -4) continue;
        return 127;
      }
      this.state.jobs = this.state.jobs.filter((job) => job.pid !== pid);
      if (ended.signal !== 0 && ended.signal !== SIGINT && ended.signal !== 13) {
        yield* write(2, `${signalText(ended.signal)}\n`);
      }
      return ended.signal === 0 ? ended.code : 128 + ended.signal;
    }
  }

  private *substitute(script: ParsedScript): Task<string> {
    const ends = yield* pipe();
    if (typeof ends === 'number') throw new ExpansionError(`pipe: ${errnoText(ends)}`);
    const pid = yield* this.subshell(function* (child) {
      yield* dup2(ends[1], 1);
      yield* close(ends[0]);
      yield* close(ends[1]);
      return yield* child.lastList(script);
    }, false);
    yield* close(ends[1]);
    const output = yield* readAll(ends[0]);
    yield* close(ends[0]);
    this.state.status = yield* this.waitFor(pid);
    return typeof output === 'number' ? '' : decode(output);
  }

  *list(list: CompoundList): Task<number> {
    this.state.status = 0;
    for (const statement of list.commands) yield* this.statement(statement);
    return this.state.status;
  }

  private under(redirects: readonly Redirection[], body: () => Task<number>): Task<number> {
    return withRedirections(redirects, this.expander, this.state.options.has('C'), body);
  }

  private *command(node: CommandNode): Task<number> {
    return yield* this.guarded(() => this.dispatch(node));
  }

  /** A bad redirection or expansion ends the command, not the shell. */
  private *guarded(body: () => Task<number>): Task<number> {
    try {
      return yield* body();
    } catch (error) {
      if (error instanceof RedirectError || error instanceof ExpansionError) {
        yield* this.complain(error.message);
        // POSIX (2.8.1): an expansion error or an assignment to a read-only variable ends a shell that is not interactive.
        if (error instanceof ExpansionError && !this.state.interactive) throw new Jump('exit', 1);
        return 1;
      }
      throw error;
    }
  }

  private *dispatch(node: CommandNode): Task<number> {
    switch (node.type) {
      case 'Command':
        return yield* this.simple(node);
      case 'Redirected':
        return yield* this.under(node.redirects, () => this.dispatch(node.command));
      case 'Function':
        this.state.functions.set(node.name.value, node);
        return 0;
      case 'BraceGroup':
        return yield* this.list(node.body);
      case 'Subshell': {
        const pid = yield* this.subshell((child) => child.lastList(node.body), false);
        return pid < 0 ? 1 : yield* this.waitFor(pid);
      }
      case 'If': {
        if ((yield* this.condition(node.clause)) === 0) return yield* this.list(node.then);
        for (const branch of node.elif) {
          if ((yield* this.condition(branch.clause)) === 0) return yield* this.list(branch.then);
        }
        return node.else ? yield* this.list(node.else) : 0;
      }
      case 'While':
        return yield* this.loop(this.whileRounds(node), node.body);
      case 'For':
        return yield* this.loop(yield* this.forRounds(node), node.body);
      case 'ArithmeticFor':
        if (node.initialize) yield* this.expander.arithmetic(node.initialize);
        return yield* this.loop(this.arithmeticRounds(node), node.body);
      case 'Case':
        return yield* this.case(node);
      case 'TestCommand':
        return Number(!(yield* this.testExpression(node.expression)));
      case 'ArithmeticCommand':
        return node.expression ? Number((yield* this.expander.arithmetic(node.expression)) === '0') : 1;
      case 'Select':
      case 'Coproc':
        yield* this.complain(`${node.type.toLowerCase()}: not supported by this shell`);
        return 2;
    }
  }

  /** A condition's failure does not end the shell under set -e. */
  private *condition(list: CompoundList): Task<number> {
    const exitOnError = this.state.options.delete('e');
    const status = yield* this.list(list);
    if (exitOnError) this.state.options.add('e');
    return status;
  }

  private whileRounds({ clause, kind }: While): () => Task<boolean> {
    const shell = this;
    return function* () {
      return ((yield* shell.condition(clause)) === 0) === (kind === 'while');
    };
  }

  private *forRounds({ name, wordlist }: For): Task<() => Task<boolean>> {
    const { variables, parameters } = this.state;
    const words = wordlist ? yield* this.expander.fields(wordlist) : parameters.slice(1);
    return function* () {
      const next = words.shift();
      if (next === undefined) return false;
      variables.set(name.value, next);
      return true;
    };
  }

  private arithmeticRounds({ test, update }: ArithmeticFor): () => Task<boolean> {
    const { expander } = this;
    let first = true;
    return function* () {
      if (!first && update) yield* expander.arithmetic(update);
      first = false;
      return test ? (yield* expander.arithmetic(test)) !== '0' : true;
    };
  }

  private *loop(rounds: () => Task<boolean>, body: CompoundList): Task<number> {
    let status = 0;
    while (yield* rounds()) {
      try {
        status = yield* this.list(body);
      } catch (error) {
        if (!(error instanceof Jump) || (error.kind !== 'break' && error.kind !== 'continue')) throw error;
        if (error.count > 1) throw new Jump(error.kind, error.count - 1);
        status = 0;
        if (error.kind === 'break') break;
      }
    }
    return status;
  }

  private *case(node: Case): Task<number> {
    const word = yield* this.expander.text(node.word);
    let status = 0;
    let into = false;
    for (const item of node.items) {
      let matched = into;
      for (const pattern of item.pattern) {
        matched ||= matchesPattern(yield* this.expander.pattern(pattern), word);
      }
      if (!matched) continue;
      status = yield* this.list(item.body);
      if (item.terminator !== ';&' && item.terminator !== ';;&') break;
      into = item.terminator === ';&';
    }
    return status;
  }

  private *testExpression(node: TestExpression): Task<boolean> {
    switch (node.type) {
      case 'TestUnary':
        return (yield* evaluateTest([node.operator, yield* this.expander.text(node.operand)])) === 0;
      case 'TestBinary': {
        const left = yield* this.expander.text(node.left);
        if (node.operator === '=~') return new RegExp(yield* this.expander.text(node.right)).test(left);
        if (/^(==?|!=)$/.test(node.operator)) {
          const matched = matchesPattern(yield* this.expander.pattern(node.right), left);
          return matched === (node.operator !== '!=');
        }
        return (yield* evaluateTest([left, node.operator, yield* this.expander.text(node.right)])) === 0;
      }
      case 'TestLogical':
        for (const operand of node.operands) {
          const value = yield* this.testExpression(operand);
          if (value !== (node.operator === '&&')) return value;
        }
        return node.operator === '&&';
      case 'TestNot':
        return (yield* this.testExpression(node.operand)) === (node.negations.length % 2 === 0);
      case 'TestGroup':
        return yield* this.testExpression(node.expression);
    }
  }

  /** A simple command; `inPlace` when this process has nothing else to do. */
  private *simple(node: Command, inPlace = false): Task<number> {
    const statusBefore = this.state.status;
    const assignments = new Map<string, string>();
    for (const part of node.prefix) {
      if (part.type !== 'Assignment') continue;
      const value = part.value.type === 'Word' ? yield* this.expander.text(part.value) : '';
      assignments.set(part.name, part.append ? (this.state.variables.get(part.name) ?? '') + value : value);
    }
    const argv: string[] = node.name ? yield* this.expander.fields([node.name]) : [];
    for (const argument of node.args) {
      if (argument.type === 'Word') argv.push(...(yield* this.expander.fields([argument])));
      else if (argument.value.type === 'Word') {
        argv.push(`${argument.name}=${yield* this.expander.text(argument.value)}`);
      }
    }
    const [name] = argv;
    if (name === undefined) {
      for (const [key, value] of assignments) assignVariable(this.state, key, value);
      // A command substitution in the assignments decides the status.
      const status = this.state.status === statusBefore ? 0 : this.state.status;
      return yield* this.under(node.redirects, () => succeed(status));
    }
    if (this.state.options.has('x')) yield* write(2, `+ ${argv.join(' ')}\n`);
    const defined = this.state.functions.get(name);
    if (defined) {
      return yield* this.under(node.redirects, () => this.callFunction(defined, argv));
    }
    const builtin = builtins.get(name);
    if (builtin) {
      for (const [key, value] of assignments) assignVariable(this.state, key, value);
      // exec keeps its redirections for the rest of the shell.
      if (name === 'exec') {
        yield* redirect(node.redirects, this.expander, this.state.options.has('C'));
        return yield* builtin(this, argv);
      }
      return yield* this.under(node.redirects, () => builtin(this, argv));
    }
    const environment = environmentOf(this.state, assignments);
    if (inPlace) {
      yield* redirect(node.redirects, this.expander, this.state.options.has('C'));
      return yield* this.exec(argv, environment);
    }
    return yield* this.forked(argv, environment, node.redirects);
  }

  private *forked(
    argv: readonly string[],
    environment: readonly string[],
    redirects: readonly Redirection[],
  ): Task<number> {
    const pid = yield* this.subshell(function* (child) {
      yield* redirect(redirects, child.expander, child.state.options.has('C'));
      return yield* child.exec(argv, environment);
    }, false);
    if (pid < 0) {
      yield* this.complain(`fork: ${errnoText(pid)}`);
      return 1;
    }
    return yield* this.waitFor(pid);
  }

  /** Replaces this process by the command; 126 or 127 when that cannot be. */
  *exec(argv: readonly string[], environment: readonly string[]): Task<number> {
    const [name = ''] = argv;
    let found = -2;
    for (const file of this.candidates(name)) {
      if (typeof (yield* stat(file)) === 'number') continue;
      found = yield* execve(file, argv, environment);
      if (found === -8) return yield* this.sourceAsScript(file, argv);
      if (found !== -2) break;
    }
    if (found === -2) {
      yield* this.complain(
        name.includes('/') ? `${name}: ${errnoText(found)}` : `${name}: command not found`,
      );
      return 127;
    }
    yield* this.complain(`${name}: ${errnoText(found)}`);
    return 126;
  }

  /** The file that a command's name stands for; undefined when there is none. */
  *find(name: string): Task<string | undefined> {
    for (const file of this.candidates(name)) {
      if (typeof (yield* stat(file)) !== 'number') return file;
    }
    return undefined;
  }

  private candidates(name: string): string[] {
    if (name.includes('/')) return [name];
    const path = this.state.variables.get('PATH') ?? DEFAULT_PATH;
    return path.split(':').map((directory) => `${directory}/${name}`);
  }

  /** Runs a built-in or a program, even if there is a function of that name. */
  *withoutFunctions(argv: readonly string[]): Task<number> {
    const [name] = argv;
    if (name === undefined) return 0;
    const builtin = builtins.get(name);
    return builtin
      ? yield* builtin(this, argv)
      : yield* this.forked(argv, environmentOf(this.state, new Map()), []);
  }

  /** A file that is no program is a script for this shell. */
  private *sourceAsScript(file: string, argv: readonly string[]): Task<number> {
    return yield* this.exec(['/bin/sh', file, ...argv.slice(1)], environmentOf(this.state, new Map()));
  }

  private *callFunction({ body }: ShellFunction, argv: string[]): Task<number> {
    const saved = this.state.parameters;
    this.state.parameters = [saved[0] ?? '', ...argv.slice(1)];
    const hidden = new Map<string, string | undefined>();
    this.state.hidden.push(hidden);
    try {
      return body.type === 'CompoundList' ? yield* this.list(body) : yield* this.command(body);
    } catch (error) {
      if (error instanceof Jump && error.kind === 'return') return error.count;
      throw error;
    } finally {
      this.state.parameters = saved;
      this.state.hidden.pop();
      for (const [name, value] of hidden) {
        if (value === undefined) this.state.variables.delete(name);
        else this.state.variables.set(name, value);
      }
    }
  }
}

function* succeed(status: number): Task<number> {
  return status;
}
