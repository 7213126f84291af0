/**
 * A booted machine with its console, for tests: lines are typed, their output and status come back.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { kernelSources } from 'kernel-sources';
import { formatDiagnostic } from '../../emulator/cc/diagnostic';
import type { Lab, LabEvent, LabOptions } from '../../emulator/lab';
import { bootLab } from './module';

/** What one typed line did. */
export interface Line {
  /** What programs wrote to the terminal. */
  output: string;
  /** What the kernel logged meanwhile, without time stamps. */
  log: string[];
  /** $? afterwards. */
  status: number;
  events: LabEvent[];
}

export interface ConsoleOptions extends Partial<LabOptions> {
  /** Module sources by path below the repository: they are /root/NAME.ko. */
  modules?: readonly string[];
  /** Files of the guest by path. */
  texts?: ReadonlyMap<string, string>;
}

export class Console {
  private line: Line = { output: '', log: [], status: 0, events: [] };
  private waiting = false;

  private constructor(readonly lab: Lab) {
    lab.stopOn = { oops: false, warn: false };
    lab.onEvent((event) => {
      this.line.events.push(event);
      if (event.kind === 'tty') this.line.output += event.text;
      else if (event.kind === 'console') this.line.log.push(event.record.text);
      else if (event.kind === 'prompt') {
        this.line.status = event.status;
        this.waiting = true;
        lab.pause();
      }
    });
  }

  /** Boots to the first prompt. */
  static boot(options: ConsoleOptions = {}): Console {
    const { modules = [], texts = new Map(), ...rest } = options;
    const lab = bootLab({ commandLine: 'quiet', ...rest });
    for (const path of modules) addModule(lab, path);
    for (const [path, text] of texts) {
      assert.ok(lab.addFile(path, new TextEncoder().encode(text)), `cannot add ${path}`);
    }
    return Console.start(lab);
  }

  /** Runs a machine that has not run yet to its first prompt. */
  static start(lab: Lab): Console {
    const console = new Console(lab);
    console.untilPrompt('the boot', 100_000_000);
    return console;
  }

  /** Types `text` (which may have several lines) and runs until the shell waits for the next command. */
  type(text: string, limit = 400_000_000): Line {
    this.line = { output: '', log: [], status: 0, events: [] };
    this.waiting = false;
    this.lab.input(text);
    this.untilPrompt(text, limit);
    return this.line;
  }

  /** Types a line that does not end by itself, lets it run for some instructions, presses Ctrl+C. */
  interrupt(text: string, instructions = 4_000_000): Line {
    this.line = { output: '', log: [], status: 0, events: [] };
    this.waiting = false;
    this.lab.input(text);
    const end = this.lab.machine.retired + instructions;
    while (this.lab.machine.retired < end && !this.waiting) this.lab.run(100_000);
    assert.ok(!this.waiting, `${text}: ended before Ctrl+C\n${this.line.output}`);
    this.lab.inputBytes(Uint8Array.of(3));
    this.untilPrompt(text, instructions);
    return this.line;
  }

  /** Types a line that must succeed; its output. */
  run(text: string): string {
    const { output, status, log } = this.type(text);
    assert.equal(status, 0, `${text}\n${output}\n${log.join('\n')}`);
    return output;
  }

  private untilPrompt(what: string, limit: number): void {
    const end = this.lab.machine.retired + limit;
    while (!this.waiting) {
      const stop = this.lab.run(1_000_000);
      const going = stop.kind === 'budget' || stop.kind === 'paused' || stop.kind === 'probe';
      const seen = () => `${this.line.output}\n${this.line.log.slice(-40).join('\n')}`;
      assert.ok(going || this.waiting, `${what}: the machine stopped: ${stop.kind}\n${seen()}`);
      assert.ok(this.lab.machine.retired < end, `${what}: no prompt after ${limit} instructions\n${seen()}`);
    }
  }
}

/** Compiles a module of the repository; it is /root/NAME.ko then. */
function addModule(lab: Lab, path: string): void {
  const name = basename(path);
  const files = new Map([[name, readFileSync(join(process.env.KPROBE_LAB_ROOT ?? '.', path), 'utf8')]]);
  const { bytes, diagnostics } = lab.compileModule(name, files);
  const provider = { read: (file: string) => files.get(file) ?? kernelSources.get(file) };
  const said = diagnostics
    .filter((each) => each.code !== 'deprecated-declarations')
    .map((each) => formatDiagnostic(each, provider))
    .join('\n');
  assert.ok(bytes !== undefined, said);
  assert.equal(said, '', `${path} compiles without a word but advice about old forms`);
  lab.addFile(`/root/${name.replace(/\.c$/, '.ko')}`, bytes);
}
