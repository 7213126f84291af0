/** Debug sessions as the suite sees them: the adapter's messages, recorded by a tracker. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import * as vscode from 'vscode';
import { eventually } from './suite';

type Event = DebugProtocol.Event;

/** Records what adapters of type `kprobe` send. */
export class Recorder implements vscode.Disposable {
  readonly events: Event[] = [];
  private readonly registration: vscode.Disposable;

  constructor() {
    this.registration = vscode.debug.registerDebugAdapterTrackerFactory('kprobe', {
      createDebugAdapterTracker: () => ({
        onDidSendMessage: (message: DebugProtocol.ProtocolMessage) => {
          if (message.type === 'event') this.events.push(message as Event);
        },
      }),
    });
  }

  /** The nth (from 1) event of a name, as soon as it was sent. */
  async event(name: string, nth = 1): Promise<Event> {
    return eventually(
      `event ${name} number ${nth}`,
      () => this.events.filter(({ event }) => event === name)[nth - 1],
      30_000,
    );
  }

  /** All text that went to the debug console. */
  get output(): string {
    return this.events
      .filter(({ event }) => event === 'output')
      .map(({ body }) => (body as DebugProtocol.OutputEvent['body']).output)
      .join('');
  }

  dispose(): void {
    this.registration.dispose();
  }
}

/** The session that was started last. */
export async function activeSession(): Promise<vscode.DebugSession> {
  return eventually('an active session', () => vscode.debug.activeDebugSession);
}

/** Ends all sessions and removes all breakpoints. */
export async function cleanUp(): Promise<void> {
  vscode.debug.removeBreakpoints([...vscode.debug.breakpoints]);
  await vscode.debug.stopDebugging();
  await eventually('no session', () => (vscode.debug.activeDebugSession === undefined ? true : undefined));
}
