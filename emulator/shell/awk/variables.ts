/** awk's variables: cells that become a value or an array by their first use, also through a function's parameter. */
import type { Value } from './values';

export interface Cell {
  value: Value;
  array: Map<string, Value> | undefined;
  /** The caller's cell that an untyped argument came from: an array made here is the caller's too. */
  origin: Cell | undefined;
}

/** The deepest that functions may call each other: a program that calls itself for ever gets a message, not a crash. */
const DEEPEST = 250;

/** A program that fails while it runs. */
export class AwkError extends Error {}

export class Variables {
  private readonly globals = new Map<string, Cell>();
  private readonly frames: Map<string, Cell>[] = [];

  get(name: string): Value {
    return this.cell(name).value;
  }

  set(name: string, value: Value): void {
    const cell = this.cell(name);
    if (cell.array) throw new AwkError(`${name} is an array and cannot be used as a value`);
    cell.value = value;
  }

  /** The array of this name, made at its first use. */
  array(name: string): Map<string, Value> {
    const cell = this.cell(name);
    if (cell.value !== null) throw new AwkError(`${name} is a value and cannot be used as an array`);
    return arrayOf(cell);
  }

  isArray(name: string): boolean {
    return this.cell(name).array !== undefined;
  }

  cell(name: string): Cell {
    const local = this.frames[this.frames.length - 1]?.get(name);
    if (local) return local;
    let cell = this.globals.get(name);
    if (cell === undefined) {
      cell = { value: null, array: undefined, origin: undefined };
      this.globals.set(name, cell);
    }
    return cell;
  }

  enter(frame: Map<string, Cell>): void {
    if (this.frames.length >= DEEPEST) throw new AwkError('functions call each other too deeply');
    this.frames.push(frame);
  }

  leave(): void {
    this.frames.pop();
  }
}

function arrayOf(cell: Cell): Map<string, Value> {
  cell.array ??= cell.origin ? arrayOf(cell.origin) : new Map<string, Value>();
  return cell.array;
}
