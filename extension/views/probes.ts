/**
 * The Probes view in the debug side bar: every registered probe, whoever registered it, with hits, misses and the way
 * it works at this moment. A click goes to its source line.
 *
 * The list is the adapter's (`kprobe/probes`); the view asks again when the adapter says that it changed, and at stops.
 */
import * as vscode from 'vscode';

/** One probe as the adapter describes it (adapter/requests/views.ts). */
interface ProbeRow {
  kind: string;
  owner: string;
  module?: string;
  symbol: string;
  address: string;
  hits: number;
  missed: number;
  disabled: boolean;
  path: string;
  why: string;
  /** What it missed, skipped and where it faulted. */
  reasons: { sentence: string; count: number }[];
  source?: { path?: string };
  line?: number;
}

/** Events after which counts may differ. */
const NEWS = new Set(['kprobe/probes', 'kprobe/idle', 'stopped']);

const OWNERS: Readonly<Record<string, string>> = {
  debugger: 'breakpoint',
  trace: 'kprobe_events',
  module: 'module',
};

class ProbesView implements vscode.TreeDataProvider<ProbeRow> {
  private readonly changes = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.changes.event;

  refresh(): void {
    this.changes.fire(undefined);
  }

  async getChildren(element?: ProbeRow): Promise<ProbeRow[]> {
    const session = vscode.debug.activeDebugSession;
    if (element || session?.type !== 'kprobe') return [];
    // Before the machine has booted there is nothing to ask.
    const answer = (await session.customRequest('kprobe/probes').then(
      (body) => body,
      () => undefined,
    )) as { probes: ProbeRow[] } | undefined;
    return answer?.probes ?? [];
  }

  getTreeItem(row: ProbeRow): vscode.TreeItem {
    const item = new vscode.TreeItem(row.symbol);
    const counts = `${row.hits} ${row.hits === 1 ? 'hit' : 'hits'}${row.missed > 0 ? `, ${row.missed} missed` : ''}`;
    const owner = row.module ?? OWNERS[row.owner] ?? row.owner;
    const state = row.disabled ? 'disabled' : row.path;
    item.description = `${counts} · ${state} · ${owner}`;
    const reasons = row.reasons.map(({ sentence, count }) => `- ${count} × ${sentence}`);
    item.tooltip = new vscode.MarkdownString(
      [
        `**${row.kind}** at \`${row.symbol}\` (${row.address})`,
        `${counts}; registered by ${owner}`,
        `**${state}**: ${row.why}`,
        reasons.join('\n'),
      ].join('\n\n'),
    );
    item.iconPath = new vscode.ThemeIcon(
      row.kind === 'kretprobe' ? 'debug-step-out' : 'debug-breakpoint-function',
    );
    item.accessibilityInformation = {
      label: `${row.kind} at ${row.symbol}, ${counts}, ${state}, registered by ${owner}`,
    };
    if (row.source?.path && row.line !== undefined) {
      const { path } = row.source;
      const uri = /^[a-z][\w+.-]+:/i.test(path) ? vscode.Uri.parse(path) : vscode.Uri.file(path);
      const place = new vscode.Range(row.line - 1, 0, row.line - 1, 0);
      item.command = { command: 'vscode.open', title: 'Show Source', arguments: [uri, { selection: place }] };
    }
    return item;
  }
}

/** Asks for a text and goes back to the moment when the last console line with it was printed. */
async function goToLine(): Promise<void> {
  const session = vscode.debug.activeDebugSession;
  const text = await vscode.window.showInputBox({
    title: 'Go to Console Line',
    prompt: 'A part of a line that the machine printed: the last one is gone back to.',
  });
  if (session?.type !== 'kprobe' || !text) return;
  await session.customRequest('kprobe/goToLine', { text }).then(undefined, showError);
}

/** Goes back to the call of the function that the debugger stands in. */
async function stepBackOut(): Promise<void> {
  const item = vscode.debug.activeStackItem;
  if (item?.session.type !== 'kprobe') return;
  await item.session
    .customRequest('kprobe/stepBackOut', { threadId: item.threadId })
    .then(undefined, showError);
}

function showError(error: unknown): void {
  void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
}

/** Registers the view and what keeps it fresh, and the session's commands that VS Code has no button for. */
export function registerProbesView(context: vscode.ExtensionContext): void {
  const view = new ProbesView();
  context.subscriptions.push(
    vscode.window.registerTreeDataProvider('kprobeLab.probes', view),
    vscode.debug.onDidChangeActiveDebugSession(() => view.refresh()),
    vscode.debug.registerDebugAdapterTrackerFactory('kprobe', {
      createDebugAdapterTracker: () => ({
        onDidSendMessage: (message: { type?: string; event?: string }) => {
          if (message.type === 'event' && NEWS.has(message.event ?? '')) view.refresh();
        },
      }),
    }),
    vscode.commands.registerCommand('kprobeLab.goToLine', goToLine),
    vscode.commands.registerCommand('kprobeLab.stepBackOut', stepBackOut),
    vscode.commands.registerCommand('kprobeLab.toggleHex', async () => {
      await vscode.debug.activeDebugSession?.customRequest('kprobe/toggleHex');
    }),
  );
}
