/** Interned ids of the names that the preprocessor itself looks for. */
import type { Interner } from '../lex/interner';

/** Directive names and special identifiers, interned once per Interner. */
export class Words {
  readonly vaArgs: number;
  readonly vaOpt: number;
  readonly defined: number;
  readonly hasInclude: number;
  readonly hasIncludeNext: number;
  readonly hasAttribute: number;
  readonly hasCAttribute: number;
  readonly hasBuiltin: number;
  readonly hasFeature: number;
  readonly hasExtension: number;
  readonly pragmaOperator: number;
  readonly include: number;
  readonly true: number;

  constructor(interner: Interner) {
    this.vaArgs = interner.intern('__VA_ARGS__');
    this.vaOpt = interner.intern('__VA_OPT__');
    this.defined = interner.intern('defined');
    this.hasInclude = interner.intern('__has_include');
    this.hasIncludeNext = interner.intern('__has_include_next');
    this.hasAttribute = interner.intern('__has_attribute');
    this.hasCAttribute = interner.intern('__has_c_attribute');
    this.hasBuiltin = interner.intern('__has_builtin');
    this.hasFeature = interner.intern('__has_feature');
    this.hasExtension = interner.intern('__has_extension');
    this.pragmaOperator = interner.intern('_Pragma');
    this.include = interner.intern('include');
    this.true = interner.intern('true');
  }
}
