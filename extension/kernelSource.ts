/**
 * The simulated kernel's C source as a read-only file system, `kprobe-kernel:/fs/open.c`, and the command that opens it.
 *
 * Gutter clicks in these documents are kprobes, before a session (VS Code keeps them) and during one. The text comes
 * from dist/kernel-sources.json, the very files that the adapter compiles.
 */
import * as vscode from 'vscode';

/** URI scheme of kernel source documents; the adapter is told to name its sources with it. */
export const kernelScheme = 'kprobe-kernel';

/** What a newcomer most likely wants to probe, offered first. */
const landmarks = [
  'fs/open.c',
  'fs/read_write.c',
  'kernel/fork.c',
  'kernel/exit.c',
  'kernel/sched/core.c',
  'mm/slab.c',
];

/** A read-only tree over a map of paths to texts, loaded at first use. */
class KernelSourceFileSystem implements vscode.FileSystemProvider {
  private files: Promise<ReadonlyMap<string, Uint8Array>> | undefined;
  private readonly changes = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.changes.event;

  constructor(private readonly extensionUri: vscode.Uri) {}

  /** Path below the kernel's root ('fs/open.c') -> bytes. */
  all(): Promise<ReadonlyMap<string, Uint8Array>> {
    this.files ??= this.load();
    return this.files;
  }

  private async load(): Promise<ReadonlyMap<string, Uint8Array>> {
    const uri = vscode.Uri.joinPath(this.extensionUri, 'dist', 'kernel-sources.json');
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
    const entries = JSON.parse(text) as [string, string][];
    const encoder = new TextEncoder();
    return new Map(entries.map(([path, content]) => [path, encoder.encode(content)]));
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => {});
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const path = uri.path.replace(/^\/+|\/+$/g, '');
    const files = await this.all();
    const file = files.get(path);
    if (file) {
      return {
        type: vscode.FileType.File,
        ctime: 0,
        mtime: 0,
        size: file.length,
        permissions: vscode.FilePermission.Readonly,
      };
    }
    if (path === '' || [...files.keys()].some((name) => name.startsWith(`${path}/`))) {
      return { type: vscode.FileType.Directory, ctime: 0, mtime: 0, size: 0 };
    }
    throw vscode.FileSystemError.FileNotFound(uri);
  }

  async readDirectory(uri: vscode.Uri): Promise<[string, vscode.FileType][]> {
    const path = uri.path.replace(/^\/+|\/+$/g, '');
    const prefix = path === '' ? '' : `${path}/`;
    const entries = new Map<string, vscode.FileType>();
    for (const name of (await this.all()).keys()) {
      if (!name.startsWith(prefix)) continue;
      const [first, ...rest] = name.slice(prefix.length).split('/');
      entries.set(first, rest.length > 0 ? vscode.FileType.Directory : vscode.FileType.File);
    }
    return [...entries];
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const file = (await this.all()).get(uri.path.replace(/^\/+/, ''));
    if (!file) throw vscode.FileSystemError.FileNotFound(uri);
    return file;
  }

  createDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }
  writeFile(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }
  delete(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }
  rename(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }
}

/** Registers the file system and "Kprobe Lab: Open Kernel Source" (with a path argument it opens that file at once). */
export function registerKernelSource(context: vscode.ExtensionContext): void {
  const files = new KernelSourceFileSystem(context.extensionUri);
  context.subscriptions.push(
    vscode.workspace.registerFileSystemProvider(kernelScheme, files, {
      isCaseSensitive: true,
      isReadonly: true,
    }),
    vscode.commands.registerCommand('kprobeLab.openKernelSource', async (path?: unknown) => {
      const chosen = typeof path === 'string' ? path : await pick([...(await files.all()).keys()]);
      if (chosen === undefined) return;
      const uri = vscode.Uri.from({ scheme: kernelScheme, path: `/${chosen}` });
      const document = await vscode.workspace.openTextDocument(uri);
      await vscode.window.showTextDocument(document, { preview: false });
    }),
  );
}

async function pick(paths: string[]): Promise<string | undefined> {
  const first = landmarks.filter((path) => paths.includes(path));
  const rest = paths.filter((path) => !first.includes(path));
  return vscode.window.showQuickPick([...first, ...rest], {
    title: 'Open Kernel Source',
    placeHolder: 'A file of the simulated kernel: click in its gutter to set a kprobe',
  });
}
