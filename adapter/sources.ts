/**
 * Source files as the client knows them and as the compiler knew them.
 *
 * Kernel files were compiled as `fs/open.c`. A client sees them below `kernelSource`: a directory, or an editor's own
 * scheme such as `kprobe-kernel:`; without one they are served by number through the source request. Module files keep
 * the path that the launch configuration gave.
 */
import type { DebugProtocol as P } from '@vscode/debugprotocol';
import { type Anchor, Anchors, anchorsOf } from '../emulator/inspect/anchors';
import { Handles } from './handles';

/** Kernel sources have this scheme when the client named no place for them. */
const SCHEME = 'kprobe-kernel:/';

export class Sources {
  readonly #numbers = new Handles<string>(1);
  readonly #numbered = new Map<string, number>();
  readonly #modules = new Map<string, string>();
  readonly #anchors = new Anchors();
  #prefix: string | undefined;

  /** `kernel` are the kernel's own files: path below its root -> text. */
  constructor(readonly kernel: ReadonlyMap<string, string>) {}

  /** Where the client has the kernel's files; undefined: nowhere. */
  setKernelPlace(place: string | undefined): void {
    this.#prefix = place === undefined ? undefined : place.replace(/[/\\]*$/, '/');
  }

  /** Makes a module's file known under the path its debug information names. */
  addModuleFile(path: string, text: string): void {
    this.#modules.set(normal(path), path);
    this.#anchors.learn(text);
  }

  /** True for a module's file that is known already. */
  isModule(path: string): boolean {
    return this.#modules.has(normal(path));
  }

  /** What a list of that name is a list of, as the sources say: the modules' first, then the kernel's. */
  anchors(holder: string | undefined, name: string): readonly Anchor[] {
    const own = this.#anchors.of(holder, name);
    return own.length > 0 ? own : anchorsOf(this.kernel).of(holder, name);
  }

  /** The protocol's description of a file of debug information. */
  toClient(file: string): P.Source {
    const name = /([^/\\]+)$/.exec(file)?.[1] ?? file;
    if (!this.kernel.has(file)) return { name, path: file };
    if (this.#prefix !== undefined) return { name, path: this.#prefix + file };
    let number = this.#numbered.get(file);
    if (number === undefined) {
      number = this.#numbers.add(file);
      this.#numbered.set(file, number);
    }
    return { name, path: SCHEME + file, sourceReference: number };
  }

  /** The file of debug information that a client means; undefined when it is none of ours. */
  fromClient(source: P.Source): string | undefined {
    if (source.sourceReference) {
      const file = this.#numbers.get(source.sourceReference);
      if (file !== undefined) return file;
    }
    if (source.path === undefined) return undefined;
    const path = normal(source.path);
    const module = this.#modules.get(path);
    if (module !== undefined) return module;
    for (const prefix of [this.#prefix, SCHEME]) {
      if (prefix === undefined) continue;
      const start = normal(prefix);
      const file = path.startsWith(start) ? path.slice(start.length).replace(/^\/+/, '') : undefined;
      if (file !== undefined && this.kernel.has(file)) return file;
    }
    return undefined;
  }

  /** A file's text, when it is the kernel's. */
  text(file: string): string | undefined {
    return this.kernel.get(file);
  }

  byNumber(number: number): string | undefined {
    return this.#numbers.get(number);
  }

  /** Every file: the kernel's, then the modules'. */
  all(): string[] {
    return [...this.kernel.keys(), ...this.#modules.values()];
  }
}

/** One spelling for paths that are the same file: forward slashes, small drive letter. */
function normal(path: string): string {
  const slashes = path.replaceAll('\\', '/');
  return /^[A-Z]:/.test(slashes) ? (slashes[0] ?? '').toLowerCase() + slashes.slice(1) : slashes;
}
