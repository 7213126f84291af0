/** Labels of the function being parsed (C11 6.8.1, GNU __label__). */
import type { Label } from '../ast';
import type { Parser } from './parser';

/** The label a token names, made on first mention; undefined (after an error) outside functions. */
export function referLabel(p: Parser, token: number): Label | undefined {
  const context = p.function;
  if (!context) {
    p.error(token, 'label used outside a function');
    return undefined;
  }
  const id = p.values[token];
  const label = findLabel(p, id) ?? makeLabel(p, id, token);
  label.referenced = true;
  return label;
}

function findLabel(p: Parser, id: number): Label | undefined {
  const context = p.function;
  if (!context) return undefined;
  for (let i = context.localLabels.length - 1; i >= 0; i--) {
    const local = context.localLabels[i].get(id);
    if (local) return local;
  }
  return context.labels.get(id);
}

function makeLabel(p: Parser, id: number, token: number): Label {
  const label: Label = {
    name: p.interner.text(id),
    defined: false,
    addressTaken: false,
    referenced: false,
    loc: token,
  };
  p.function?.labels.set(id, label);
  p.function?.allLabels.push(label);
  return label;
}

/** Declares a label of the innermost block (__label__). */
export function declareLocalLabel(p: Parser, token: number): void {
  const context = p.function;
  const scope = context?.localLabels[context.localLabels.length - 1];
  if (!context || !scope) return;
  const label: Label = {
    name: p.text(token),
    defined: false,
    addressTaken: false,
    referenced: false,
    loc: token,
  };
  scope.set(p.values[token], label);
  context.allLabels.push(label);
}

/** Defines the label at `token`. */
export function defineLabel(p: Parser, token: number): Label {
  const id = p.values[token];
  const label = findLabel(p, id) ?? makeLabel(p, id, token);
  if (label.defined)
    p.error(token, `duplicate label '${label.name}'`, [p.noteAt(label.loc, 'previous definition is here')]);
  label.defined = true;
  label.loc = token;
  return label;
}
