/**
 * Launch configurations: what F5 means without a launch.json, and what every configuration is completed with.
 *
 * The provider resolves the file in the editor and the kernel's source scheme; checking attributes is the adapter's
 * work, so that other editors get the same messages.
 */
import * as vscode from 'vscode';
import { kernelScheme } from '../kernelSource';
import { isModuleText } from '../language/documents';

const showTrace = 'cat /sys/kernel/tracing/trace';

/** The configuration that fits the document, or undefined when it is neither a module nor a kprobe_events file. */
export function configurationFor(document: vscode.TextDocument): vscode.DebugConfiguration | undefined {
  const name = vscode.workspace.asRelativePath(document.uri);
  if (document.languageId === 'kprobe-events') {
    return {
      type: 'kprobe',
      request: 'launch',
      name: `Trace ${name}`,
      events: document.uri.fsPath,
      console: ['cat /etc/hostname', showTrace],
    };
  }
  if (
    document.languageId === 'c' &&
    document.uri.scheme !== kernelScheme &&
    isModuleText(document.getText())
  ) {
    return {
      type: 'kprobe',
      request: 'launch',
      name: `Probe ${name}`,
      module: document.uri.fsPath,
      console: ['cat /etc/hostname'],
    };
  }
  return undefined;
}

/** The kernel alone, with its console. */
const playground: vscode.DebugConfiguration = {
  type: 'kprobe',
  request: 'launch',
  name: 'Kernel playground',
  console: ['cat /etc/hostname'],
};

/** `"module": "${file}"` means the file in the editor: when that is a .kprobes file, its events are meant. */
function fileInEditor(configuration: vscode.DebugConfiguration): vscode.DebugConfiguration {
  const { module, ...rest } = configuration;
  if (typeof module !== 'string' || !module.endsWith('.kprobes')) return configuration;
  const lines: unknown = rest.console;
  return { ...rest, events: module, console: [...(Array.isArray(lines) ? lines : []), showTrace] };
}

/** Completes configurations; an empty one (F5 without launch.json) becomes the one that fits the active editor. */
const resolver: vscode.DebugConfigurationProvider = {
  async resolveDebugConfiguration(_folder, configuration) {
    if (configuration.type) return configuration;
    const editor = vscode.window.activeTextEditor;
    if (!editor) return { ...playground };
    const { document } = editor;
    if (document.isDirty && !document.isUntitled) await document.save();
    const fitting = configurationFor(document);
    if (fitting) return fitting;
    if (document.uri.scheme === kernelScheme) return { ...playground };
    void vscode.window.showErrorMessage(
      'Kprobe Lab: the file in the editor is neither a kernel module (it includes no <linux/module.h>) nor a .kprobes file.',
    );
    return undefined;
  },
  resolveDebugConfigurationWithSubstitutedVariables(folder, configuration) {
    const base = folder?.uri.fsPath ?? vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
    return {
      ...fileInEditor(configuration),
      cwd: configuration.cwd ?? base,
      kernelSource: configuration.kernelSource ?? `${kernelScheme}:/`,
    };
  },
};

/** Configurations offered in the Run view's "Kprobe Lab…" pick. */
const dynamic: vscode.DebugConfigurationProvider = {
  provideDebugConfigurations() {
    const document = vscode.window.activeTextEditor?.document;
    const fitting = document && configurationFor(document);
    return fitting ? [fitting, { ...playground }] : [{ ...playground }];
  },
};

/** Registers both providers, the Run button of the editor title, and the context key that shows it. */
export function registerConfigurations(context: vscode.ExtensionContext): void {
  const showRunButton = (editor: vscode.TextEditor | undefined): void => {
    const isModule = editor !== undefined && configurationFor(editor.document) !== undefined;
    void vscode.commands.executeCommand('setContext', 'kprobeLab.isModule', isModule);
  };
  showRunButton(vscode.window.activeTextEditor);
  context.subscriptions.push(
    vscode.debug.registerDebugConfigurationProvider('kprobe', resolver),
    vscode.debug.registerDebugConfigurationProvider(
      'kprobe',
      dynamic,
      vscode.DebugConfigurationProviderTriggerKind.Dynamic,
    ),
    vscode.window.onDidChangeActiveTextEditor(showRunButton),
    vscode.workspace.onDidSaveTextDocument(() => showRunButton(vscode.window.activeTextEditor)),
    vscode.commands.registerCommand('kprobeLab.debugFile', async (uri?: vscode.Uri) => {
      const document = uri
        ? await vscode.workspace.openTextDocument(uri)
        : vscode.window.activeTextEditor?.document;
      const fitting = document && configurationFor(document);
      if (!document || !fitting) {
        void vscode.window.showErrorMessage('Kprobe Lab: open a kernel module (C) or a .kprobes file first.');
        return;
      }
      if (document.isDirty) await document.save();
      await vscode.debug.startDebugging(vscode.workspace.getWorkspaceFolder(document.uri), fitting);
    }),
  );
}
