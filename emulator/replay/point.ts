/** Where in a history a state stands: after so many instructions (Machine.moment) and so many inputs from outside. */
export interface Point {
  readonly moment: number;
  readonly inputs: number;
}

/** True if `a` comes before `b`. */
export function before(a: Point, b: Point): boolean {
  return a.moment < b.moment || (a.moment === b.moment && a.inputs < b.inputs);
}
