/**
 * Collecting a unit's diagnostics: positions are resolved here, macro chains become notes, floods are cut.
 */
import type { Diagnostic } from './diagnostic';
import type { Expansions } from './pp/expansions';
import type { Pos, Sources } from './source';

/** A stretch of source: where it begins, its length, the expansion it came from. */
export interface Span {
  pos: Pos;
  length: number;
  expansion: number;
}

/** Errors after which a unit stops complaining. */
const ERROR_LIMIT = 200;
const WARNING_LIMIT = 1000;
/** Links of a macro chain that are worth reading. */
const CHAIN_LIMIT = 8;

/** A note to hang below a diagnostic. */
export interface NoteRequest {
  span: Span;
  message: string;
}

/** The unit's diagnostics. */
export class Reporter {
  readonly diagnostics: Diagnostic[] = [];
  errors = 0;
  private warnings = 0;
  private readonly seen = new Set<string>();

  constructor(
    private readonly sources: Sources,
    private readonly expansions: Expansions,
    private readonly nameOf: (id: number) => string,
    private readonly disabledWarnings: ReadonlySet<string>,
  ) {}

  error(span: Span, message: string, notes?: NoteRequest[], replacement?: string): void {
    if (this.errors >= ERROR_LIMIT) return;
    if (!this.add('error', undefined, span, message, notes, replacement)) return;
    this.errors++;
    if (this.errors === ERROR_LIMIT)
      this.add('error', undefined, span, 'too many errors: the rest is not shown');
  }

  /** `code` is gcc's -W name without the -W. */
  warning(span: Span, code: string, message: string, notes?: NoteRequest[], replacement?: string): void {
    if (this.warnings >= WARNING_LIMIT || this.disabledWarnings.has(code)) return;
    if (this.add('warning', code, span, message, notes, replacement)) this.warnings++;
  }

  note(span: Span, message: string): void {
    this.add('note', undefined, span, message);
  }

  private add(
    severity: Diagnostic['severity'],
    code: string | undefined,
    span: Span,
    message: string,
    notes: NoteRequest[] = [],
    replacement?: string,
  ): boolean {
    const d = this.resolve(severity, span, message);
    // The same text at the same place (a header read twice, a macro used in a loop of macros) is said once.
    const key = `${d.file}:${d.line}:${d.column}:${message}`;
    if (this.seen.has(key)) return false;
    this.seen.add(key);
    if (code !== undefined) d.code = code;
    if (replacement !== undefined) d.replacement = replacement;
    const chain = this.expansions.chain(span.pos, span.expansion);
    const shown =
      chain.length > CHAIN_LIMIT ? [...chain.slice(0, CHAIN_LIMIT - 1), chain[chain.length - 1]] : chain;
    for (const link of shown) {
      if (link.macro.predefined) continue;
      const place = { pos: link.spelling, length: 1, expansion: 0 };
      d.notes.push(this.resolve('note', place, `in expansion of macro '${this.nameOf(link.macro.name)}'`));
    }
    for (const note of notes) d.notes.push(this.resolve('note', note.span, note.message));
    this.diagnostics.push(d);
    return true;
  }

  private resolve(severity: Diagnostic['severity'], span: Span, message: string): Diagnostic {
    const pos = this.expansions.written(span.pos, span.expansion);
    const place = this.sources.place(Math.max(pos, 1));
    // The range of a token that a macro made says nothing about the call's text.
    const length = pos === span.pos ? Math.max(span.length, 1) : 1;
    return {
      severity,
      message,
      file: place.path,
      line: place.line,
      column: place.column,
      endLine: place.line,
      endColumn: place.column + length,
      notes: [],
    };
  }
}
