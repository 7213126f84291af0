/**
 * The extension's entry point on the desktop and in a remote extension host.
 *
 * Registers providers and returns: nothing is compiled, started or read here. The debug adapter is a process of its
 * own (dist/adapter.js), the language client and its server are loaded when a kprobe document appears.
 */
import type * as vscode from 'vscode';
import { registerAdapter } from './debug/adapter';
import { registerConfigurations } from './debug/configuration';
import { registerKernelSource } from './kernelSource';
import { registerLanguage } from './language/activation';
import { registerProbesView } from './views/probes';

/** Called by VS Code at one of the manifest's activation events. */
export function activate(context: vscode.ExtensionContext): void {
  registerKernelSource(context);
  registerConfigurations(context);
  registerAdapter(context);
  registerLanguage(context);
  registerProbesView(context);
}
