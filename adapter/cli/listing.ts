/**
 * The assembly of an object with its source lines between: what `cc -S` prints.
 */
import type { FunctionDebug } from '../../emulator/cc/debug';
import type { ObjectFile, Section } from '../../emulator/cc/object';
import { decode } from '../../emulator/isa/decode';
import { disassemble } from '../../emulator/isa/disassemble';

/** Text of all functions, section by section, in AT&T syntax; relocated operands are named behind the instruction. */
export function listing(object: ObjectFile, source: (path: string) => string | undefined): string {
  const lines: string[] = [];
  const texts = new Map<string, string[]>();
  const lineOf = (path: string, line: number) => {
    if (!texts.has(path)) texts.set(path, (source(path) ?? '').split('\n'));
    return texts.get(path)?.[line - 1]?.trim();
  };
  for (const [index, section] of object.sections.entries()) {
    if (!section.flags.exec || section.size === 0) continue;
    const functions = (object.debug?.functions ?? []).filter((fn) => fn.section === index);
    for (const fn of functions.sort((a, b) => a.start - b.start)) {
      lines.push('', `${fn.name}:`, ...body(object, section, fn, lineOf));
    }
  }
  return `${lines.join('\n')}\n`;
}

function body(
  object: ObjectFile,
  section: Section,
  fn: FunctionDebug,
  lineOf: (path: string, line: number) => string | undefined,
): string[] {
  const lines: string[] = [];
  let row = 0;
  for (let at = 0; at < fn.size; ) {
    for (; row < fn.lines.length && fn.lines[row].offset <= at; row++) {
      const { file, line, isStatement } = fn.lines[row];
      const path = object.debug?.files[file];
      const text = path === undefined || !isStatement ? undefined : lineOf(path, line);
      if (text !== undefined && path !== undefined) lines.push(`\t# ${path}:${line}\t${text}`);
    }
    const decoded = decode(section.data, fn.start + at);
    const length = decoded.ok ? decoded.length : 1;
    const text = decoded.ok ? disassemble(decoded, BigInt(at), 'att') : '(bad)';
    const target = section.relocations
      .filter((each) => each.offset >= fn.start + at && each.offset < fn.start + at + length)
      .map((each) => object.symbols[each.symbol].name);
    lines.push(
      `  ${at.toString(16).padStart(4)}:\t${text}${target.length > 0 ? `\t# ${target.join(', ')}` : ''}`,
    );
    at += length;
  }
  return lines;
}
