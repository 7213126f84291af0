/**
 * Names near a misspelt one, for "did you mean": shared words first, then edit distance.
 */

/** At most `count` of `names` that resemble `wanted`, best first; names without resemblance are left out. */
export function nearestNames(wanted: string, names: Iterable<string>, count: number): string[] {
  const scored: { name: string; score: number }[] = [];
  const limit = Math.max(2, Math.floor(wanted.length / 3));
  for (const name of names) {
    const contained =
      wanted.length >= 4 && (name.includes(wanted) || (name.length >= 4 && wanted.includes(name)));
    const distance =
      Math.abs(name.length - wanted.length) > limit ? limit + 1 : editDistance(wanted, name, limit);
    if (distance <= limit) scored.push({ name, score: distance });
    else if (contained) scored.push({ name, score: limit + 1 + Math.abs(name.length - wanted.length) / 100 });
  }
  scored.sort((a, b) => a.score - b.score || (a.name < b.name ? -1 : 1));
  return scored.slice(0, count).map((each) => each.name);
}

/** Levenshtein distance, or limit + 1 as soon as it is known to exceed the limit. */
function editDistance(a: string, b: string, limit: number): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    if (Math.min(...next) > limit) return limit + 1;
    row = next;
  }
  return row[b.length] ?? limit + 1;
}
