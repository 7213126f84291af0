/**
 * The debug adapter protocol as its published typings have it (@vscode/debugprotocol's .d.ts), as a validator: every
 * message of every test passes through it, in both directions.
 *
 * Reads just the TypeScript that this file uses: interfaces with extends, inline objects, arrays, unions, literals,
 * index signatures and type aliases. Members that the typings do not know are refused, except where they allow any.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

type Type =
  | { kind: 'any' }
  | { kind: 'primitive'; name: 'string' | 'number' | 'boolean' | 'null' }
  | { kind: 'literal'; value: string }
  | { kind: 'array'; of: Type }
  | { kind: 'union'; of: Type[] }
  | { kind: 'object'; members: Map<string, { type: Type; optional: boolean }>; index: Type | undefined }
  | { kind: 'name'; name: string };

interface Interface {
  base: string | undefined;
  body: Type & { kind: 'object' };
}

const TOKEN = /\s+|\/\*[\s\S]*?\*\/|\/\/[^\n]*|('[^']*'|"[^"]*"|[A-Za-z_$][\w$]*|\S)/g;

/** The attributes of a launch configuration are each adapter's own. */
const OPEN = /^(?:Launch|Attach)RequestArguments$/;

class Reader {
  readonly tokens: string[];
  at = 0;

  constructor(text: string) {
    this.tokens = [...text.matchAll(TOKEN)].flatMap((match) => (match[1] === undefined ? [] : [match[1]]));
  }

  next(): string {
    const token = this.tokens[this.at++];
    if (token === undefined) throw new Error('unexpected end of the typings');
    return token;
  }

  peek(): string | undefined {
    return this.tokens[this.at];
  }

  take(token: string): boolean {
    if (this.peek() !== token) return false;
    this.at++;
    return true;
  }

  expect(token: string): void {
    const found = this.next();
    if (found !== token)
      throw new Error(
        `typings: expected ${token}, found ${found} near ${this.tokens.slice(this.at - 5, this.at + 3).join(' ')}`,
      );
  }

  type(): Type {
    this.take('|');
    const alternatives = [this.postfix()];
    while (this.take('|')) alternatives.push(this.postfix());
    const [only] = alternatives;
    return alternatives.length === 1 && only ? only : { kind: 'union', of: alternatives };
  }

  postfix(): Type {
    let type = this.primary();
    while (this.peek() === '[' && this.tokens[this.at + 1] === ']') {
      this.at += 2;
      type = { kind: 'array', of: type };
    }
    return type;
  }

  primary(): Type {
    const token = this.next();
    if (token === '(') {
      const inner = this.type();
      this.expect(')');
      return inner;
    }
    if (token === '{') return this.object();
    if (token.startsWith("'") || token.startsWith('"')) return { kind: 'literal', value: token.slice(1, -1) };
    if (token === 'string' || token === 'number' || token === 'boolean' || token === 'null') {
      return { kind: 'primitive', name: token };
    }
    if (token === 'any' || token === 'object' || token === 'unknown') return { kind: 'any' };
    return { kind: 'name', name: token };
  }

  object(): Type & { kind: 'object' } {
    const members = new Map<string, { type: Type; optional: boolean }>();
    let index: Type | undefined;
    while (!this.take('}')) {
      if (this.take('[')) {
        while (!this.take(']')) this.next();
        this.expect(':');
        index = this.type();
      } else {
        const name = this.next();
        const optional = this.take('?');
        this.expect(':');
        members.set(name, { type: this.type(), optional });
      }
      this.take(';');
      this.take(',');
    }
    return { kind: 'object', members, index };
  }
}

/** Everything the typings declare. */
export class ProtocolSchema {
  readonly #interfaces = new Map<string, Interface>();
  readonly #aliases = new Map<string, Type>();

  constructor(typings: string) {
    const reader = new Reader(typings);
    while (reader.peek() !== undefined) {
      const token = reader.next();
      if (token === 'interface') {
        const name = reader.next();
        const base = reader.take('extends') ? reader.next() : undefined;
        reader.expect('{');
        this.#interfaces.set(name, { base, body: reader.object() });
      } else if (token === 'type') {
        const name = reader.next();
        reader.expect('=');
        this.#aliases.set(name, reader.type());
      }
    }
  }

  has(name: string): boolean {
    return this.#interfaces.has(name);
  }

  /** What is wrong with a message, as paths and sentences; empty when nothing is. */
  validate(message: { type?: unknown; command?: unknown; event?: unknown; success?: unknown }): string[] {
    const suffix = { request: 'Request', response: 'Response', event: 'Event' }[String(message.type)];
    if (!suffix) return [`type: ${String(message.type)} is no kind of message`];
    const subject = String(message.type === 'event' ? message.event : message.command);
    const name = subject.slice(0, 1).toUpperCase() + subject.slice(1) + suffix;
    // An error response has a body of its own; requests and events of ours are only held to the envelope.
    const failed = suffix === 'Response' && message.success === false;
    const known = !failed && this.has(name);
    return this.#check(
      { kind: 'name', name: failed ? 'ErrorResponse' : known ? name : suffix },
      message,
      subject,
    );
  }

  #members(name: string): Map<string, { type: Type; optional: boolean }> {
    const found = this.#interfaces.get(name);
    const inherited = found?.base === undefined ? new Map() : this.#members(found.base);
    // A body that the base declares as any is made precise by the heir.
    return new Map([...inherited, ...(found?.body.members ?? new Map())]);
  }

  #check(type: Type, value: unknown, path: string): string[] {
    switch (type.kind) {
      case 'any':
        return [];
      case 'primitive': {
        const fits = type.name === 'null' ? value === null : typeof value === type.name;
        return fits ? [] : [`${path}: ${JSON.stringify(value)} is not a ${type.name}`];
      }
      case 'literal':
        return value === type.value ? [] : [`${path}: ${JSON.stringify(value)} is not '${type.value}'`];
      case 'array':
        if (!Array.isArray(value)) return [`${path}: not an array`];
        return value.flatMap((element, index) => this.#check(type.of, element, `${path}[${index}]`));
      case 'union': {
        const wrong = type.of.map((one) => this.#check(one, value, path));
        return wrong.some((one) => one.length === 0) ? [] : (wrong[0] ?? []);
      }
      case 'object':
        return this.#checkMembers(type.members, type.index, value, path);
      case 'name': {
        const alias = this.#aliases.get(type.name);
        if (alias) return this.#check(alias, value, path);
        const found = this.#interfaces.get(type.name);
        if (!found) return [];
        const open = OPEN.test(type.name);
        return this.#checkMembers(this.#members(type.name), found.body.index, value, path, open);
      }
    }
  }

  #checkMembers(
    members: Map<string, { type: Type; optional: boolean }>,
    index: Type | undefined,
    value: unknown,
    path: string,
    open = false,
  ): string[] {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return [`${path}: not an object`];
    const given = value as Record<string, unknown>;
    const wrong: string[] = [];
    for (const [name, { type, optional }] of members) {
      if (given[name] === undefined) {
        if (!optional) wrong.push(`${path}.${name}: missing`);
      } else wrong.push(...this.#check(type, given[name], `${path}.${name}`));
    }
    for (const [name, one] of Object.entries(given)) {
      if (members.has(name) || one === undefined) continue;
      if (index) wrong.push(...this.#check(index, one, `${path}.${name}`));
      else if (members.size > 0 && !open) wrong.push(`${path}.${name}: the protocol has no such member`);
    }
    return wrong;
  }
}

let loaded: ProtocolSchema | undefined;

/** The schema of the installed typings. */
export function protocolSchema(): ProtocolSchema {
  const root = process.env.KPROBE_LAB_ROOT ?? '.';
  loaded ??= new ProtocolSchema(
    readFileSync(join(root, 'node_modules/@vscode/debugprotocol/lib/debugProtocol.d.ts'), 'utf8'),
  );
  return loaded;
}
