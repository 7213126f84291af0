/**
 * "Did you mean": the known name nearest to a misspelt one, by edit distance.
 */

/** Rows of the distance table, reused: names longer than this are not compared. */
const WIDTH = 96;
const rows = [new Uint16Array(WIDTH + 1), new Uint16Array(WIDTH + 1), new Uint16Array(WIDTH + 1)];

/** Edits (insert, delete, replace, swap of neighbours) from a to b, or `limit + 1` if there are more. */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit || b.length > WIDTH) return limit + 1;
  let [before, previous, row] = rows;
  for (let j = 0; j <= b.length; j++) previous[j] = j;
  for (let i = 1; i <= a.length; i++) {
    row[0] = i;
    let best = i;
    const code = a.charCodeAt(i - 1);
    for (let j = 1; j <= b.length; j++) {
      const other = b.charCodeAt(j - 1);
      let value = previous[j - 1] + (code === other ? 0 : 1);
      if (row[j - 1] < value) value = row[j - 1] + 1;
      if (previous[j] < value) value = previous[j] + 1;
      const swapped = i > 1 && j > 1 && code === b.charCodeAt(j - 2) && a.charCodeAt(i - 2) === other;
      if (swapped && before[j - 2] < value) value = before[j - 2] + 1;
      row[j] = value;
      if (value < best) best = value;
    }
    if (best > limit) return limit + 1;
    [before, previous, row] = [previous, row, before];
  }
  return previous[b.length];
}

/** The nearest candidate if it is near enough to be what was meant (a third of the letters, at least one). */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  if (name.length < 2) return undefined;
  let limit = Math.max(1, Math.floor((name.length + 1) / 3));
  let found: string | undefined;
  for (const candidate of candidates) {
    if (candidate === name) continue;
    const distance = editDistance(name, candidate, limit);
    if (distance <= limit && (found === undefined || distance < limit)) {
      found = candidate;
      limit = distance;
      if (limit === 0) break;
    }
  }
  return found;
}
