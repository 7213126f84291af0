/**
 * What __attribute__((…)) says about a declaration, a type or a statement, collected in one plain record.
 *
 * Attributes that change nothing here (nonnull, pure, malloc, …) are accepted and dropped by the parser.
 */
import type { FunctionSymbol, Loc } from './ast';

/** `format(printf, 1, 2)`: argument positions count from 1; `first` 0 means the arguments come as a va_list. */
export interface FormatAttribute {
  style: 'printf' | 'scanf' | 'strftime';
  string: number;
  first: number;
}

/** The collected attributes. Absent members are false or not given. */
export interface Attributes {
  section?: string;
  used?: boolean;
  unused?: boolean;
  noinline?: boolean;
  alwaysInline?: boolean;
  gnuInline?: boolean;
  flatten?: boolean;
  packed?: boolean;
  /** Bytes; `aligned` without an argument is 16. */
  aligned?: number;
  noreturn?: boolean;
  cold?: boolean;
  hot?: boolean;
  weak?: boolean;
  /** Symbol name this one is another name of. */
  alias?: string;
  naked?: boolean;
  /** no_instrument_function, patchable_function_entry(0, 0): the function gets no entry nop. */
  noInstrument?: boolean;
  constructorPriority?: number;
  destructorPriority?: number;
  /** Function called with the variable's address when it goes out of scope. */
  cleanup?: FunctionSymbol;
  /** The message to give if a call survives dead code removal. */
  error?: string;
  warning?: string;
  format?: FormatAttribute;
  warnUnusedResult?: boolean;
  deprecated?: string;
  /** former_name("x"), the lab's own: what a structure's member was called in older kernels. */
  formerName?: string;
  visibility?: string;
  pure?: boolean;
  const?: boolean;
  returnsTwice?: boolean;
  fallthrough?: boolean;
  transparentUnion?: boolean;
  mode?: string;
  common?: boolean;
  nocommon?: boolean;
  vectorSize?: boolean;
  mayAlias?: boolean;
  nonstring?: boolean;
  /** Where the first attribute stood, for messages. */
  loc?: Loc;
}

/** No attributes: shared, frozen, so that most declarations carry no object of their own. */
export const NO_ATTRIBUTES: Attributes = Object.freeze<Attributes>({});
