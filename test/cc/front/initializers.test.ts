/**
 * Static initialisers put the bytes where gcc puts them: random types, braces left out, designators, ranges, strings.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sizeOf } from '../../../emulator/cc/types';
import { front, gcc, messages, random, seedFrom, withoutGcc } from './support';

/** A random type: how it is declared, and how to initialise it. */
interface Shape {
  kind: 'scalar' | 'array' | 'struct' | 'union';
  name: string;
  element?: Shape;
  count?: number;
  members?: { name: string; shape: Shape }[];
}

const SCALARS = ['char', 'short', 'int', 'unsigned', 'long', 'unsigned char'];

class Maker {
  declarations = '';
  private number = 0;

  constructor(private readonly pick: (n: number) => number) {}

  shape(depth: number): Shape {
    const { pick } = this;
    const choice = depth === 0 ? 0 : pick(5);
    if (choice <= 1) return { kind: 'scalar', name: SCALARS[pick(SCALARS.length)] };
    const name = `t${this.number++}`;
    if (choice === 2) {
      const element = this.shape(depth - 1);
      const count = 1 + pick(4);
      this.declarations += `typedef ${element.name} ${name}[${count}];\n`;
      return { kind: 'array', name, element, count };
    }
    const union = choice === 4 && pick(2) === 0;
    const members = Array.from({ length: 1 + pick(4) }, (_, i) => ({
      name: `m${this.number}_${i}`,
      shape: this.shape(depth - 1),
    }));
    const body = members
      .map(
        (m) =>
          `${m.shape.name} ${m.name}${m.shape.kind === 'scalar' && pick(4) === 0 ? ` : ${1 + pick(7)}` : ''};`,
      )
      .join(' ');
    this.number++;
    this.declarations += `typedef ${union ? 'union' : 'struct'} { ${body} } ${name};\n`;
    return { kind: union ? 'union' : 'struct', name, members };
  }

  /** Scalars in order, for brace elision. */
  private flat(shape: Shape): string[] {
    switch (shape.kind) {
      case 'scalar':
        return [this.value()];
      case 'array':
        return Array.from({ length: shape.count ?? 0 }, () =>
          shape.element ? this.flat(shape.element) : [],
        ).flat();
      case 'struct':
        return (shape.members ?? []).flatMap((m) => this.flat(m.shape));
      case 'union':
        return shape.members?.[0] ? this.flat(shape.members[0].shape) : [];
    }
  }

  private value(): string {
    return ['1', '-1', '0x55', "'x'", '100', '3 + 4'][this.pick(6)];
  }

  /** An initialiser for one element. */
  element(shape: Shape): string {
    const { pick } = this;
    if (shape.kind === 'scalar') return pick(6) === 0 ? `{ ${this.value()} }` : this.value();
    if (pick(4) === 0) {
      const all = this.flat(shape);
      return all.length > 0 ? all.join(', ') : '{}';
    }
    return this.braced(shape);
  }

  braced(shape: Shape): string {
    const { pick } = this;
    if (shape.kind === 'scalar') return this.value();
    const parts: string[] = [];
    if (shape.kind === 'array') {
      const { element, count = 0 } = shape;
      if (!element) return '{}';
      if (element.name.endsWith('char') && element.kind === 'scalar' && pick(2) === 0)
        return `"${'abcdefg'.slice(0, pick(count + 1))}"`;
      let next = 0;
      while (next < count && pick(5) !== 0) {
        if (pick(3) === 0) next = pick(count);
        const last = pick(4) === 0 ? next + pick(count - next) : next;
        const designator = last > next ? `[${next} ... ${last}] = ` : `[${next}] = `;
        parts.push(designator + (element.kind === 'scalar' ? this.value() : this.braced(element)));
        next = last + 1;
        while (next < count && pick(2) === 0) {
          parts.push(this.element(element));
          next++;
        }
      }
      return `{ ${parts.join(', ')} }`;
    }
    const members = shape.members ?? [];
    let next = 0;
    while (next < members.length && pick(6) !== 0) {
      if (pick(3) === 0) {
        next = pick(members.length);
        const { name, shape: inner } = members[next];
        parts.push(`.${name} = ${inner.kind === 'scalar' ? this.value() : this.braced(inner)}`);
      } else if (shape.kind === 'union' && (next > 0 || parts.length > 0)) break;
      else parts.push(this.element(members[next].shape));
      next++;
      if (shape.kind === 'union') break;
    }
    return `{ ${parts.join(', ')} }`;
  }
}

test('initialised bytes are gcc’s', { skip: withoutGcc }, () => {
  const pick = random(seedFrom('INITIALIZER_SEED', 99));
  const maker = new Maker(pick);
  const objects: string[] = [];
  for (let i = 0; i < 400; i++) {
    let shape = maker.shape(3);
    if (shape.kind === 'scalar') shape = { kind: 'array', name: '', element: shape, count: 4 };
    if (shape.name === '') {
      shape.name = `a${i}`;
      maker.declarations += `typedef ${shape.element?.name} ${shape.name}[4];\n`;
    }
    objects.push(`${shape.name} o${i} = ${maker.braced(shape)};`);
  }
  const source = `${maker.declarations}${objects.join('\n')}\n`;
  const prints = objects
    .map(
      (_, i) =>
        `for (unsigned long i = 0; i < sizeof o${i}; i++) printf("%02x", ((unsigned char *)&o${i})[i]); printf("\\n");`,
    )
    .join('\n');
  const expected = gcc(
    `int printf(const char *, ...);\n${source}int main(void) {\n${prints}\nreturn 0; }\n`,
    ['-w'],
    true,
  ).split('\n');
  const result = front(source);
  assert.deepEqual(
    messages(result).filter((m) => m.includes('error')),
    [],
  );
  objects.forEach((text, i) => {
    const variable = result.unit.variables.find((v) => v.name === `o${i}`);
    assert.ok(variable);
    const bytes = new Uint8Array(sizeOf(variable.type));
    bytes.set(variable.initializer?.bytes ?? []);
    assert.equal(Buffer.from(bytes).toString('hex'), expected[i], text);
  });
});
