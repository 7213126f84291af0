/** A session over the lab's own kernel, for tests: launch, breakpoints by marker, stacks and scopes by name. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DebugProtocol as P } from '@vscode/debugprotocol';
import { kernelSources } from 'kernel-sources';
import { TestClient } from './client';

/** Directory of the modules and programs that the tests launch. */
export const fixtures = join(process.env.KPROBE_LAB_ROOT ?? '.', 'test/adapter/fixtures');

/** Line of the first line of a kernel file that has that text. */
export function kernelLine(file: string, text: string): number {
  const index = (kernelSources.get(file) ?? '').split('\n').findIndex((line) => line.includes(text));
  assert.ok(index >= 0, `${file}: ${text}`);
  return index + 1;
}

/** Line of a fixture that has a `#marker` comment. */
export function markerLine(fixture: string, marker: string): number {
  const index = readFileSync(join(fixtures, fixture), 'utf8')
    .split('\n')
    .findIndex((line) => line.includes(`#${marker}`));
  assert.ok(index >= 0, marker);
  return index + 1;
}

/** A client with the turns of phrase that tests of whole sessions need. */
export class LabSession extends TestClient {
  /** Initialize, launch and wait for `initialized`. */
  async begin(launch: Record<string, unknown>): Promise<void> {
    await this.request('initialize', {
      adapterID: 'kprobe',
      pathFormat: 'path',
      supportsVariableType: true,
      supportsMemoryReferences: true,
    });
    await this.request('launch', launch);
    await this.event('initialized');
  }

  async breakpoints(path: string, ...breakpoints: P.SourceBreakpoint[]): Promise<P.Breakpoint[]> {
    const body = await this.request<P.SetBreakpointsResponse['body']>('setBreakpoints', {
      source: { path },
      breakpoints,
    });
    return body.breakpoints;
  }

  async stack(threadId: unknown): Promise<P.StackFrame[]> {
    return (await this.request<P.StackTraceResponse['body']>('stackTrace', { threadId })).stackFrames;
  }

  async scope(frame: P.StackFrame | undefined, name: string): Promise<P.Variable[]> {
    const { scopes } = await this.request<P.ScopesResponse['body']>('scopes', { frameId: frame?.id });
    const found = scopes.find((one) => one.name === name);
    assert.ok(found, `${name}: ${scopes.map((one) => one.name)}`);
    const body = await this.request<P.VariablesResponse['body']>('variables', {
      variablesReference: found.variablesReference,
    });
    return body.variables;
  }

  async evaluate(expression: string, context = 'watch'): Promise<string> {
    return (await this.request<P.EvaluateResponse['body']>('evaluate', { expression, context })).result;
  }

  async threadName(threadId: unknown): Promise<string> {
    const { threads } = await this.request<P.ThreadsResponse['body']>('threads');
    return threads.find((one) => one.id === threadId)?.name ?? '';
  }
}
