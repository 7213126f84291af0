/**
 * #pragma pack: push, pop, a limit, or back to none; a table of which limit holds from which token on.
 */

/** One pragma and the token it stands before. */
export interface PragmaLine {
  at: number;
  text: string;
}

/** Gives the limit in force at a token, 0 for none. */
export function packTable(pragmas: readonly PragmaLine[]): (token: number) => number {
  const steps: { at: number; pack: number }[] = [];
  const stack: { name: string | undefined; pack: number }[] = [];
  let pack = 0;
  for (const { at, text } of pragmas) {
    const match = /^pack\s*\(([^)]*)\)/.exec(text);
    if (!match) continue;
    const words = match[1].split(',').map((word) => word.trim());
    const action = words[0] === 'push' || words[0] === 'pop' ? words.shift() : undefined;
    const name = words.find((word) => /^[A-Za-z_]\w*$/.test(word));
    const number = words.find((word) => /^\d+$/.test(word));
    if (action === 'push') stack.push({ name, pack });
    else if (action === 'pop') {
      let top = stack.pop();
      while (name !== undefined && top && top.name !== name && stack.length > 0) top = stack.pop();
      pack = top?.pack ?? 0;
    }
    if (number !== undefined) pack = Number.parseInt(number, 10);
    else if (action === undefined) pack = 0;
    steps.push({ at, pack });
  }
  if (steps.length === 0) return () => 0;
  return (token) => {
    let current = 0;
    for (const step of steps) {
      if (step.at > token) break;
      current = step.pack;
    }
    return current;
  };
}
