/** The tree of an awk program (POSIX awk, with gawk's small extras). */

export type Expression =
  | { kind: 'number'; value: number }
  | { kind: 'string'; value: string }
  | { kind: 'regexp'; source: string }
  | Target
  | { kind: 'group'; inner: Expression }
  | { kind: 'assign'; operator: '' | ArithmeticOperator; target: Target; value: Expression }
  | { kind: 'step'; by: 1 | -1; prefix: boolean; target: Target }
  | { kind: 'unary'; operator: '-' | '+' | '!'; operand: Expression }
  | { kind: 'arithmetic'; operator: ArithmeticOperator; left: Expression; right: Expression }
  | { kind: 'compare'; operator: CompareOperator; left: Expression; right: Expression }
  | { kind: 'match'; negated: boolean; text: Expression; pattern: Expression }
  | { kind: 'concat'; left: Expression; right: Expression }
  | { kind: 'and' | 'or'; left: Expression; right: Expression }
  | { kind: 'choose'; condition: Expression; then: Expression; otherwise: Expression }
  | { kind: 'in'; subscripts: Expression[]; array: string }
  | { kind: 'builtin'; name: string; arguments: Expression[] }
  | { kind: 'call'; name: string; arguments: Expression[] }
  | {
      kind: 'getline';
      target: Target | undefined;
      from: 'input' | 'file' | 'command';
      source: Expression | undefined;
    };

/** What can be assigned to. */
export type Target =
  | { kind: 'name'; name: string }
  | { kind: 'element'; array: string; subscripts: Expression[] }
  | { kind: 'field'; index: Expression };

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%' | '^';
export type CompareOperator = '<' | '<=' | '==' | '!=' | '>' | '>=';

/** Where print writes to when not to standard output. */
export interface Redirection {
  kind: 'truncate' | 'append' | 'pipe';
  to: Expression;
}

export type Statement =
  | { kind: 'block'; body: Statement[] }
  | { kind: 'expression'; value: Expression }
  | { kind: 'print'; formatted: boolean; values: Expression[]; redirection: Redirection | undefined }
  | { kind: 'if'; condition: Expression; then: Statement; otherwise: Statement | undefined }
  | { kind: 'while'; condition: Expression; body: Statement; bodyFirst: boolean }
  | {
      kind: 'for';
      before: Statement | undefined;
      condition: Expression | undefined;
      after: Statement | undefined;
      body: Statement;
    }
  | { kind: 'forIn'; name: string; array: string; body: Statement }
  | { kind: 'delete'; array: string; subscripts: Expression[] | undefined }
  | { kind: 'break' | 'continue' | 'next' | 'nextfile' }
  | { kind: 'exit' | 'return'; value: Expression | undefined };

export type Pattern =
  | { kind: 'begin' | 'end' | 'always' }
  | { kind: 'when'; condition: Expression }
  | { kind: 'range'; from: Expression; to: Expression };

export interface Rule {
  pattern: Pattern;
  /** undefined: print the record. */
  action: Statement | undefined;
}

export interface FunctionDefinition {
  parameters: string[];
  body: Statement;
}

export interface AwkProgram {
  rules: Rule[];
  functions: Map<string, FunctionDefinition>;
}
