/**
 * The launch configuration: checked attribute by attribute, because a misspelt one that is silently ignored costs an hour.
 *
 * Files are read here, through the host; the emulator is only ever given texts and bytes.
 */
import type { KernelProfile } from '../emulator/kernel/config';
import type { Host } from './host';
import { RequestFailure } from './protocol/failure';
import { boolean, either, integer, isObject, list, record, type Shape, string } from './protocol/shape';

/** A module to compile and load. `path` is as the user wrote it. */
export interface ModuleSource {
  path: string;
  name: string;
  /** The module's text and that of the headers beside it, by path. */
  files: Map<string, string>;
}

export interface Launch {
  modules: ModuleSource[];
  params: string[];
  events: { path: string; text: string } | undefined;
  kernelConfig: Record<string, string>;
  kernelProfile: KernelProfile;
  kernelSource: string | undefined;
  cpus: number;
  memoryMiB: number;
  console: string[];
  stopOnEntry: boolean;
  /** Stop at start_kernel, and let every breakpoint stop while the kernel boots. */
  stopOnBoot: boolean;
}

const value = either(string, integer, boolean);

const ATTRIBUTES: Readonly<Record<string, Shape>> = {
  module: either(string, list(string)),
  params: record(value),
  events: string,
  kernelConfig: record(value),
  kernelProfile: string,
  kernelSource: string,
  cpus: integer,
  memoryMiB: integer,
  console: either(string, list(string)),
  cwd: string,
  stopOnEntry: boolean,
  stopOnBoot: boolean,
};

/** Attributes that editors add for themselves. */
const EDITORS: ReadonlySet<string> = new Set([
  'type',
  'request',
  'name',
  'noDebug',
  'presentation',
  'internalConsoleOptions',
  'debugServer',
  'preLaunchTask',
  'postDebugTask',
  'serverReadyAction',
  'suppressMultipleSessionWarning',
  'windows',
  'linux',
  'osx',
]);

function refuse(sentence: string): RequestFailure {
  return new RequestFailure('unknownAttribute', sentence, true);
}

/** Reads and checks a launch request's arguments. Throws a RequestFailure that names the attribute or the file. */
export async function readLaunch(args: unknown, host: Host): Promise<Launch> {
  if (!isObject(args)) throw refuse('The launch configuration must be an object.');
  checkAttributes(args, ATTRIBUTES, 'launch');
  const profile = args.kernelProfile ?? 'lab';
  if (profile !== 'lab' && profile !== 'distribution')
    throw refuse('Launch attribute `kernelProfile` must be `lab` or `distribution`.');
  const modules: ModuleSource[] = [];
  const cwd = typeof args.cwd === 'string' ? args.cwd : undefined;
  const resolve = (path: string) => (cwd === undefined ? path : host.resolve(cwd, path));
  for (const path of strings(args.module)) modules.push(await readModule(resolve(path), host));
  const events = typeof args.events === 'string' && args.events !== '' ? resolve(args.events) : undefined;
  return {
    modules,
    params: Object.entries(isObject(args.params) ? args.params : {}).map(([name, one]) =>
      parameter(name, one),
    ),
    events: events === undefined ? undefined : { path: events, text: await readText(events, host, 'events') },
    kernelConfig: configOf(args.kernelConfig),
    kernelProfile: profile,
    kernelSource: typeof args.kernelSource === 'string' ? args.kernelSource : undefined,
    cpus: within('cpus', args.cpus, 2, 1, 8),
    memoryMiB: within('memoryMiB', args.memoryMiB, 128, 64, 1024),
    console: strings(args.console),
    stopOnEntry: args.stopOnEntry === true,
    stopOnBoot: args.stopOnBoot === true,
  };
}

/** What an attach request may say. `port` and `host` are for the editor, which connects by them. */
const ATTACH: Readonly<Record<string, Shape>> = {
  kernelSource: string,
  port: integer,
  host: string,
  cwd: string,
};

/** Reads and checks an attach request's arguments. */
export function readAttach(args: unknown): { kernelSource: string | undefined } {
  if (!isObject(args)) throw refuse('The attach configuration must be an object.');
  checkAttributes(args, ATTACH, 'attach');
  return { kernelSource: typeof args.kernelSource === 'string' ? args.kernelSource : undefined };
}

function checkAttributes(
  args: Record<string, unknown>,
  known: Readonly<Record<string, Shape>>,
  request: 'launch' | 'attach',
): void {
  const Request = request === 'launch' ? 'Launch' : 'Attach';
  for (const [name, given] of Object.entries(args)) {
    if (EDITORS.has(name) || name.startsWith('__')) continue;
    const shape = known[name];
    if (!shape)
      throw refuse(`Unknown ${request} attribute \`${name}\`. Known are: ${Object.keys(known).join(', ')}.`);
    const wrong = given === null || given === undefined ? undefined : shape(given, name);
    if (wrong) throw refuse(`${Request} attribute ${wrong}.`);
  }
}

/** True when both mean the same machine, down to the texts of their files. */
export function sameLaunch(a: Launch, b: Launch): boolean {
  const text = (launch: Launch) =>
    JSON.stringify(launch, (_key, one: unknown) => (one instanceof Map ? [...one] : one));
  return text(a) === text(b);
}

function strings(given: unknown): string[] {
  if (typeof given === 'string') return given === '' ? [] : [given];
  return Array.isArray(given) ? given.filter((one): one is string => typeof one === 'string') : [];
}

function within(name: string, given: unknown, fallback: number, low: number, high: number): number {
  if (given === undefined || given === null) return fallback;
  if (typeof given !== 'number' || given < low || given > high) {
    throw refuse(`Launch attribute \`${name}\` must be between ${low} and ${high}.`);
  }
  return given;
}

function configOf(given: unknown): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, one] of Object.entries(isObject(given) ? given : {})) {
    found[name] = one === true ? 'y' : one === false ? 'n' : String(one);
  }
  return found;
}

/** `name=value` as insmod takes it; a value with blanks is quoted. */
function parameter(name: string, given: unknown): string {
  const text = given === true ? 'Y' : given === false ? 'N' : String(given);
  return /[\s"]/.test(text) ? `${name}="${text.replaceAll('"', '\\"')}"` : `${name}=${text}`;
}

async function readText(path: string, host: Host, attribute: string): Promise<string> {
  const bytes = await host.readFile(path);
  if (bytes) return new TextDecoder().decode(bytes);
  throw new RequestFailure(
    'missingFile',
    `Launch attribute \`${attribute}\`: cannot read the file ${path}.`,
    true,
  );
}

async function readModule(path: string, host: Host): Promise<ModuleSource> {
  const base = /([^/\\]+)$/.exec(path)?.[1] ?? path;
  if (!base.endsWith('.c')) {
    throw new RequestFailure(
      'missingFile',
      `Launch attribute \`module\`: ${path} is not a C source file (.c).`,
      true,
    );
  }
  const files = new Map([[path, await readText(path, host, 'module')]]);
  // The headers that the module includes with quotes lie beside it; the compiler reads them without waiting.
  for (const [from, text] of files) {
    for (const [, name] of text.matchAll(/^[ \t]*#[ \t]*include[ \t]*"([^"\n]+)"/gm)) {
      const header = host.sibling(from, name ?? '');
      if (files.has(header)) continue;
      const bytes = await host.readFile(header);
      if (bytes) files.set(header, new TextDecoder().decode(bytes));
    }
  }
  return { path, name: base.slice(0, -2).replaceAll('-', '_'), files };
}
