/**
 * Shapes of request arguments: what must be there and of which type, so that handlers may trust what they are given.
 *
 * Only what this adapter reads is described; members it does not know pass, as the protocol grows by adding members.
 */

/** Checks a value; returns undefined when it fits, otherwise what is wrong, with the path to the place. */
export type Shape = (value: unknown, path: string) => string | undefined;

function scalar(what: string, fits: (value: unknown) => boolean): Shape {
  return (value, path) => (fits(value) ? undefined : `\`${path}\` must be ${what}`);
}

export const string = scalar('a string', (value) => typeof value === 'string');
export const boolean = scalar('true or false', (value) => typeof value === 'boolean');
/** Integers that a number holds exactly. */
export const integer = scalar('an integer', (value) => Number.isSafeInteger(value));
/** Counts and references. */
export const natural = scalar(
  'a whole number, 0 or more',
  (value) => Number.isSafeInteger(value) && Number(value) >= 0,
);

export function oneOf(...allowed: string[]): Shape {
  return scalar(
    `one of ${allowed.join(', ')}`,
    (value) => typeof value === 'string' && allowed.includes(value),
  );
}

/** May be missing; null counts as missing, because some clients write it. */
export function optional(shape: Shape): Shape {
  return (value, path) => (value === undefined || value === null ? undefined : shape(value, path));
}

export function list(of: Shape): Shape {
  return (value, path) => {
    if (!Array.isArray(value)) return `\`${path}\` must be an array`;
    for (const [index, element] of value.entries()) {
      const wrong = of(element, `${path}[${index}]`);
      if (wrong) return wrong;
    }
    return undefined;
  };
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function object(members: Readonly<Record<string, Shape>>): Shape {
  return (value, path) => {
    if (!isObject(value))
      return path === '' ? 'the arguments must be an object' : `\`${path}\` must be an object`;
    for (const [name, shape] of Object.entries(members)) {
      const wrong = shape(value[name], path === '' ? name : `${path}.${name}`);
      if (wrong) return wrong;
    }
    return undefined;
  };
}

/** An object whose members all have one shape. */
export function record(of: Shape): Shape {
  return (value, path) => {
    if (!isObject(value)) return `\`${path}\` must be an object`;
    for (const [name, element] of Object.entries(value)) {
      const wrong = of(element, `${path}.${name}`);
      if (wrong) return wrong;
    }
    return undefined;
  };
}

export function either(...shapes: Shape[]): Shape {
  return (value, path) => {
    const wrong = shapes.map((shape) => shape(value, path));
    return wrong.includes(undefined) ? undefined : wrong.join(', or ');
  };
}

/** A request without arguments: anything is accepted and ignored. */
export const nothing: Shape = () => undefined;
