/**
 * Debug sections under construction, with the fields in them that depend on where code and other sections end up.
 */
import { ByteWriter } from '../bytes';

/** A field to be filled with the address of code or data (8 bytes), or the offset of a debug section (4 bytes). */
export interface DwarfFixup {
  offset: number;
  target:
    | { kind: 'code'; section: number }
    | { kind: 'symbol'; symbol: string }
    | { kind: 'debug'; section: string };
  addend: number;
}

/** One .debug_ section. */
export class DwarfSection extends ByteWriter {
  readonly fixups: DwarfFixup[] = [];

  constructor(readonly name: string) {
    super();
  }

  /** The address `offset` bytes into code section `section` (-1: the image's base). */
  codeAddress(section: number, offset: number): void {
    this.fixups.push({ offset: this.length, target: { kind: 'code', section }, addend: offset });
    this.u64(0);
  }

  symbolAddress(symbol: string, offset: number): void {
    this.fixups.push({ offset: this.length, target: { kind: 'symbol', symbol }, addend: offset });
    this.u64(0);
  }

  /** A 4-byte offset into another debug section. */
  sectionOffset(section: string, offset: number): void {
    this.fixups.push({ offset: this.length, target: { kind: 'debug', section }, addend: offset });
    this.u32(0);
  }
}
