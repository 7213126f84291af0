/**
 * Structures, unions and bit-fields lie where gcc puts them: random declarations, static objects of each, byte for byte.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bare, type RecordType, sizeOf } from '../../../emulator/cc/types';
import { front, gcc, messages, random, seedFrom, withoutGcc } from './support';

const INTEGERS = [
  'char',
  'signed char',
  'unsigned char',
  'short',
  'unsigned short',
  'int',
  'unsigned',
  'long',
  'unsigned long',
  'long long',
  '_Bool',
];
const BITS: Readonly<Record<string, number>> = {
  char: 8,
  'signed char': 8,
  'unsigned char': 8,
  short: 16,
  'unsigned short': 16,
  int: 32,
  unsigned: 32,
  long: 64,
  'unsigned long': 64,
  'long long': 64,
  _Bool: 1,
};

interface Made {
  text: string;
  /** Named members that are no bit-fields. */
  plain: string[];
  fields: string[];
}

/** The body of a random record; `earlier` are tags that can be used as members. */
function body(pick: (n: number) => number, earlier: readonly string[], depth: number): Made {
  const made: Made = { text: '', plain: [], fields: [] };
  const count = 1 + pick(6);
  for (let i = 0; i < count; i++) {
    const type = INTEGERS[pick(INTEGERS.length)];
    const name = `m${depth}_${i}`;
    const packed = pick(12) === 0 ? ' __attribute__((packed))' : '';
    const aligned = pick(12) === 0 ? ` __attribute__((aligned(${1 << pick(5)})))` : '';
    switch (pick(8)) {
      case 0:
      case 1:
      case 2: {
        const width = 1 + pick(BITS[type]);
        if (pick(8) === 0) made.text += `${type} : ${pick(4) === 0 ? 0 : width}; `;
        else {
          made.text += `${type} ${name} : ${width}; `;
          made.fields.push(name);
        }
        break;
      }
      case 3:
        made.text += `${type} ${name}[${1 + pick(5)}]${aligned}; `;
        made.plain.push(name);
        break;
      case 4:
        made.text += `void *${name}${packed}${aligned}; `;
        made.plain.push(name);
        break;
      case 5: {
        const tag = earlier[pick(Math.max(earlier.length, 1))];
        made.text += tag === undefined ? `${type} ${name}; ` : `${tag} ${name}; `;
        made.plain.push(name);
        break;
      }
      case 6: {
        if (depth > 1) break;
        const inner = body(pick, earlier, depth + 1);
        if (inner.plain.length + inner.fields.length === 0) break;
        const renamed = (text: string) => text.replace(/\bm\d+_/g, `${name}_$&`);
        made.text += `${pick(2) ? 'struct' : 'union'} { ${renamed(inner.text)} }; `;
        made.plain.push(...inner.plain.map(renamed));
        made.fields.push(...inner.fields.map(renamed));
        break;
      }
      default:
        made.text += `${type} ${name}${packed}${aligned}; `;
        made.plain.push(name);
    }
  }
  return made;
}

test('sizes, offsets, bit-fields and initial bytes are gcc’s', { skip: withoutGcc }, () => {
  const pick = random(seedFrom('LAYOUT_SEED', 20261123));
  const tags: string[] = [];
  const made = new Map<string, Made>();
  let declarations = '#define offsetof __builtin_offsetof\n';
  let prints = '';
  for (let n = 0; n < 300; n++) {
    const one = body(pick, tags, 0);
    if (one.plain.length + one.fields.length === 0) continue;
    const union = pick(5) === 0;
    const tag = `${union ? 'union' : 'struct'} t${n}`;
    const attribute = [
      '',
      '',
      '',
      ' __attribute__((packed))',
      ' __attribute__((aligned(16)))',
      ' __attribute__((packed, aligned(2)))',
    ][pick(6)];
    const pack = pick(8) === 0 ? [`#pragma pack(push, ${1 << pick(4)})\n`, '#pragma pack(pop)\n'] : ['', ''];
    declarations += `${pack[0]}${tag} { ${one.text}}${attribute};\n${pack[1]}`;
    tags.push(tag);
    made.set(tag, one);
    prints += `printf("${tag} %lu %lu\\n", sizeof(${tag}), _Alignof(${tag}));\n`;
    for (const name of one.plain) prints += `printf("${name} %lu\\n", offsetof(${tag}, ${name}));\n`;
    one.fields.forEach((name, index) => {
      declarations += `${tag} o${n}_${index} = { .${name} = ${index % 2 ? -1 : 1} };\n`;
      prints += `printf("${name}"); for (unsigned long i = 0; i < sizeof o${n}_${index}; i++) printf(" %02x", ((unsigned char *)&o${n}_${index})[i]); printf("\\n");\n`;
    });
  }
  const program = `int printf(const char *, ...);\n${declarations}int main(void) {\n${prints}return 0; }\n`;
  const expected = gcc(program, ['-w'], true);

  const result = front(declarations);
  assert.deepEqual(
    messages(result).filter((m) => m.includes('error')),
    [],
  );
  const records = new Map<string, RecordType>();
  for (const record of result.unit.records)
    if (record.tag !== undefined) records.set(`${record.union ? 'union' : 'struct'} ${record.tag}`, record);
  const objects = new Map(result.unit.variables.map((v) => [v.name, v]));
  let actual = '';
  for (const [tag, one] of made) {
    const record = records.get(tag);
    assert.ok(record, tag);
    actual += `${tag} ${record.size} ${record.align}\n`;
    for (const name of one.plain) actual += `${name} ${offsetOf(record, name)}\n`;
    one.fields.forEach((name, index) => {
      const object = objects.get(`o${tag.replace(/^\D+/, '')}_${index}`);
      const bytes = new Uint8Array(sizeOf(record));
      bytes.set(object?.initializer?.bytes ?? []);
      actual += `${name}${[...bytes].map((b) => ` ${b.toString(16).padStart(2, '0')}`).join('')}\n`;
    });
  }
  const wanted = expected.split('\n');
  let owner = '';
  actual.split('\n').forEach((line, index) => {
    if (/^(?:struct|union) /.test(line)) owner = line.split(' ').slice(0, 2).join(' ');
    const source = declarations.split('\n').find((text) => text.startsWith(`${owner} {`));
    assert.equal(line, wanted[index], `in ${source}`);
  });
});

/** Byte offset of a member that may be in anonymous records. */
function offsetOf(record: RecordType, name: string): number {
  for (const member of record.members) {
    if (member.name === name) return member.offset;
    const inner = bare(member.type);
    if (member.name === undefined && inner.kind === 'record') {
      const found = offsetOf(inner, name);
      if (found >= 0) return member.offset + found;
    }
  }
  return -1;
}
