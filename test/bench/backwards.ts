/**
 * What time that runs backwards costs: how much snapshots slow a run down, and how long journeys back take (p50, p99).
 *
 * Run it: node test/bench/backwards.mjs. KPROBE_LAB_INSTRUCTIONS says how long the compared runs are. Prints JSON lines.
 */
import type { Lab } from '../../emulator/lab';
import { History } from '../../emulator/replay/history';
import { bootLab } from '../lab/module';

const INSTRUCTIONS = Number(process.env.KPROBE_LAB_INSTRUCTIONS ?? 300_000_000);

/** A machine whose shell runs a long loop of commands. */
function busy(): Lab {
  const lab = bootLab({ commandLine: 'quiet' });
  for (let stop = lab.run(1_000_000); stop.kind !== 'idle'; ) stop = lab.run(1_000_000);
  lab.input('while true; do cat /etc/hostname /proc/modules; ls /etc; done > /dev/null');
  lab.run(80_000_000);
  return lab;
}

function seconds(work: () => void): number {
  const began = performance.now();
  work();
  return (performance.now() - began) / 1000;
}

function say(figure: string, value: number, unit: string): void {
  console.log(JSON.stringify({ figure, value: Number(value.toPrecision(3)), unit }));
}

function percentile(times: readonly number[], part: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

const lab = busy();
const run = (step: (budget: number) => unknown, count: number) => {
  const end = lab.machine.moment + count;
  while (lab.machine.moment < end) step(500_000);
};
// Both ways in turn, because the machine that this runs on is not always equally fast.
let plain = 0;
let recorded = 0;
const part = INSTRUCTIONS / 6;
const history = new History(lab);
const paced = (budget: number) => {
  const moment = lab.machine.moment;
  const began = performance.now();
  history.run(budget);
  const elapsed = performance.now() - began;
  if (elapsed > 1) history.pace(((lab.machine.moment - moment) / elapsed) * 60);
};
for (let turn = 0; turn < 3; turn++) {
  plain += seconds(() => run((budget) => lab.run(budget), part));
  recorded += seconds(() => run(paced, part));
}
say('speed without snapshots', INSTRUCTIONS / 2e6 / plain, 'M instructions/s');
say('speed with snapshots', INSTRUCTIONS / 2e6 / recorded, 'M instructions/s');
say('cost of snapshots', (recorded / plain - 1) * 100, '%');
run(paced, 110_000_000);
say('snapshots kept', history.snapshots.count, '');
say('memory of snapshots', history.snapshots.bytes / 1048576, 'MiB');

const { present } = history;
const drive = (journey: Generator<undefined, unknown>) => {
  while (journey.next().done !== true);
};
const near: number[] = [];
const far: number[] = [];
for (let count = 0; count < 60; count++) {
  const back = count < 30 ? 1 + count : Math.floor((100_000_000 * (count - 29)) / 31);
  const point = history.pointAt(present.moment - back);
  (count < 30 ? near : far).push(1000 * seconds(() => drive(history.travel(point, () => 1_000_000))));
}
say('back by up to 30 instructions, p50', percentile(near, 0.5), 'ms');
say('back by up to 30 instructions, p99', percentile(near, 0.99), 'ms');
say('back within 100 M instructions, p50', percentile(far, 0.5), 'ms');
say('back within 100 M instructions, p99', percentile(far, 0.99), 'ms');
