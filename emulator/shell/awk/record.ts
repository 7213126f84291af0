/** The current record and its fields: $0 is split when a field is first asked for, and rebuilt when one was changed. */
import { fromInput, type Value } from './values';

/** Splits a text by a field separator (POSIX awk, "Field separators"): blank, one character, or a regular expression. */
export function splitFields(
  text: string,
  separator: string,
  expression: (source: string) => RegExp,
): string[] {
  if (text === '') return [];
  if (separator === ' ') return text.split(/[ \t\n]+/).filter((field) => field !== '');
  if (separator === '') return [...text];
  if (separator.length === 1 && separator !== '\\') return text.split(separator);
  const fields: string[] = [];
  let from = 0;
  for (const match of text.matchAll(expression(separator))) {
    if (match[0] === '') continue;
    fields.push(text.slice(from, match.index));
    from = match.index + match[0].length;
  }
  fields.push(text.slice(from));
  return fields;
}

export class AwkRecord {
  private whole: string | undefined = '';
  private fields: Value[] | undefined = [];
  private separator = ' ';

  constructor(
    private readonly expression: (source: string) => RegExp,
    private readonly joined: (fields: readonly Value[]) => string,
  ) {}

  /** A new $0. `separator`: FS as it is now; a later change counts for the next record only. */
  set(text: string, separator: string): void {
    this.whole = text;
    this.fields = undefined;
    this.separator = separator;
  }

  get text(): string {
    this.whole ??= this.joined(this.list());
    return this.whole;
  }

  /** $index; unset past the last field. */
  field(index: number): Value {
    if (index === 0) return fromInput(this.text);
    return this.list()[index - 1] ?? null;
  }

  /** Changes $index (1 or more); fields in between become "". */
  setField(index: number, value: Value): void {
    const fields = this.list();
    while (fields.length < index) fields.push('');
    fields[index - 1] = value;
    this.whole = undefined;
  }

  get count(): number {
    return this.list().length;
  }

  /** A new NF. */
  set count(count: number) {
    const fields = this.list();
    while (fields.length < count) fields.push('');
    fields.length = count;
    this.whole = undefined;
  }

  private list(): Value[] {
    this.fields ??= splitFields(this.text, this.separator, this.expression).map(fromInput);
    return this.fields;
  }
}
