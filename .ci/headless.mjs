// `npm start` without an editor: what VS Code would show, in the terminal.
//
// Drives the real debug adapter over DAP: examples/open_counter.c is compiled and loaded, two breakpoints are kprobes
// in the kernel's own source (the first line of do_sys_open, and its closing brace: the return), a shell line opens a
// file. Ends by itself.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DapClient } from './dapClient.mjs';

const colour = process.stdout.isTTY && !process.env.NO_COLOR;
const paint = (code) => (text) => (colour ? `\x1b[${code}m${text}\x1b[0m` : text);
const bold = paint(1);
const dim = paint(2);
const red = paint(31);
const green = paint(32);
const cyan = paint(36);

/** Stops shown before the probes are taken away and the machine runs on. */
const STOPS = 4;

/** The kernel file that defines the probed function, with the lines of its body and its closing brace (from 1). */
function probedLines(root) {
  const path = 'fs/open.c';
  const lines = readFileSync(join(root, 'emulator', 'linux', path), 'utf8').split('\n');
  const head = lines.findIndex((line) => /\bdo_sys_open\(int dfd\b/.test(line) && !/;\s*$/.test(line));
  const closing = lines.findIndex((line, index) => index > head && line === '}');
  if (head < 0 || closing < 0)
    throw new Error(`${path}: do_sys_open is not where this demonstration expects it`);
  const first = lines.findIndex(
    (line, index) => index > head && /[;]/.test(line) && !/^\s*(struct|int|long)\b[^=(]*;/.test(line),
  );
  return { path, first: first + 1, closing: closing + 1, lines };
}

/** Runs the demonstration; resolves with the exit code. */
export async function headless(root) {
  const source = probedLines(root);
  const client = new DapClient(join(root, 'dist', 'adapter.js'));
  const kernelSource = 'kprobe-kernel:/';
  const finished = new Promise((resolve) => {
    client.on('kprobe/idle', () => resolve('idle'));
    client.on('terminated', () => resolve('terminated'));
  });
  client.on('output', ({ output, category, source: place, line }) => {
    const where = place?.name && line ? dim(`  ${place.name}:${line}`) : '';
    const text = output.replace(/\n$/, '');
    console.log(`  ${category === 'stderr' ? red(text) : text}${where}`);
  });
  let stops = 0;
  client.on('stopped', (body) => {
    stops++;
    showStop(client, source, body, stops)
      .then(async () => {
        if (stops === STOPS) {
          console.log(dim(`\n(${STOPS} stops shown; the probes are removed and the machine runs on)\n`));
          await client.request('setBreakpoints', {
            source: { path: kernelSource + source.path },
            breakpoints: [],
          });
        }
        await client.request('continue', { threadId: body.threadId });
      })
      .catch((error) => {
        console.error(red(error.message));
        client.close();
      });
  });
  try {
    await client.request('initialize', {
      adapterID: 'kprobe',
      linesStartAt1: true,
      columnsStartAt1: true,
      pathFormat: 'path',
    });
    console.log(
      bold('Kprobe Lab: examples/open_counter.c, two kprobes from the gutter of fs/open.c, one shell line\n'),
    );
    const started = Date.now();
    const initialized = new Promise((resolve) => client.once('initialized', resolve));
    const launched = client.request('launch', {
      module: join(root, 'examples', 'open_counter.c'),
      console: ['cat /etc/hostname', 'rmmod open_counter'],
      kernelSource,
    });
    await Promise.race([initialized, launched]);
    const { breakpoints } = await client.request('setBreakpoints', {
      source: { path: kernelSource + source.path },
      breakpoints: [{ line: source.first }, { line: source.closing }],
    });
    for (const [index, point] of breakpoints.entries()) {
      const what = index === 0 ? 'kprobe' : 'return probe';
      const line = source.lines[(point.line ?? 1) - 1]?.trim();
      console.log(
        `${point.verified ? green('●') : red('○')} ${what} at ${source.path}:${point.line}  ${dim(line ?? '')}${point.message ? `  ${point.message}` : ''}`,
      );
    }
    await client.request('configurationDone');
    await launched;
    console.log(dim(`kernel compiled and booting after ${Date.now() - started} ms\n`));
    await finished;
    const { probes = [] } = (await client.request('kprobe/probes').catch(() => ({}))) ?? {};
    for (const probe of probes) console.log(dim(`probe ${JSON.stringify(probe)}`));
    await client.request('disconnect', { terminateDebuggee: true }).catch(() => {});
    console.log(green(`\nDone: ${stops} stops in ${((Date.now() - started) / 1000).toFixed(1)} s.`));
    return stops > 0 ? 0 : 1;
  } catch (error) {
    console.error(red(error.message));
    return 1;
  } finally {
    client.close();
  }
}

/** Prints where the machine stopped, its frames, arguments and the probe, as the views of an editor would. */
async function showStop(client, source, { threadId, reason, description }, number) {
  const { stackFrames } = await client.request('stackTrace', { threadId, startFrame: 0, levels: 6 });
  const { threads } = await client.request('threads');
  const thread = threads.find(({ id }) => id === threadId);
  const [top] = stackFrames;
  console.log(`\n${bold(cyan(`■ stop ${number}`))} ${description ?? reason} in ${bold(thread?.name ?? '')}`);
  if (top?.source?.path?.endsWith(source.path)) {
    console.log(`  ${dim(`${source.path}:${top.line}`)} ${source.lines[top.line - 1]?.trim()}`);
  }
  console.log(
    `  ${dim('called by')} ${stackFrames
      .slice(1)
      .map(({ name }) => name)
      .join(dim(' ← '))}`,
  );
  const { scopes } = await client.request('scopes', { frameId: top.id });
  for (const { name, variablesReference } of scopes) {
    if (!/^(Arguments|Return value|Locals|Probe)$/.test(name)) continue;
    const { variables } = await client.request('variables', { variablesReference });
    const shown = variables.slice(0, 6).map((variable) => `${variable.name} = ${variable.value}`);
    if (shown.length > 0) console.log(`  ${bold(name)}: ${shown.join(dim(' · '))}`);
  }
}
