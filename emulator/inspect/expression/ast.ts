/** The tree of a debugger expression. `at`/`length` locate a node in the text for carets. */

export type BinaryOperator =
  | '*'
  | '/'
  | '%'
  | '+'
  | '-'
  | '<<'
  | '>>'
  | '<'
  | '>'
  | '<='
  | '>='
  | '=='
  | '!='
  | '&'
  | '^'
  | '|';
export type UnaryOperator = '-' | '+' | '!' | '~' | '*' | '&';

/** A type as written: specifiers, then derivations from the inside out. */
export interface TypeNode {
  at: number;
  length: number;
  specifier:
    | { kind: 'record'; record: 'struct' | 'union' | 'enum'; name: string }
    | { kind: 'typedef'; name: string }
    | { kind: 'words'; words: string[] }
    | { kind: 'typeof'; operand: Expression };
  derivations: ({ kind: 'pointer' } | { kind: 'array'; count: bigint | undefined })[];
}

export type Expression = { at: number; length: number } & (
  | { kind: 'number'; value: bigint; suffix: string; decimal: boolean }
  | { kind: 'character'; value: bigint }
  | { kind: 'string'; text: string }
  | { kind: 'name'; name: string }
  | { kind: 'register'; name: string }
  | { kind: 'unary'; operator: UnaryOperator; operand: Expression }
  | { kind: 'increment'; by: 1n | -1n; prefix: boolean; operand: Expression }
  | { kind: 'binary'; operator: BinaryOperator; left: Expression; right: Expression }
  | { kind: 'logical'; operator: '&&' | '||'; left: Expression; right: Expression }
  | { kind: 'conditional'; condition: Expression; yes: Expression | undefined; no: Expression }
  | { kind: 'assign'; operator: BinaryOperator | undefined; left: Expression; right: Expression }
  | { kind: 'comma'; left: Expression; right: Expression }
  | { kind: 'cast'; type: TypeNode; operand: Expression }
  | { kind: 'sizeofType'; type: TypeNode }
  | { kind: 'sizeof'; operand: Expression }
  | { kind: 'offsetof'; type: TypeNode; path: string[] }
  | { kind: 'containerOf'; pointer: Expression; type: TypeNode; path: string[] }
  | { kind: 'member'; object: Expression; name: string; arrow: boolean; nameAt: number }
  | { kind: 'index'; object: Expression; index: Expression }
  | { kind: 'call'; callee: Expression; arguments: Expression[] }
);
